BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'poga','m001_first_release','2026-07-01 12:00:00+00:00');
CREATE TABLE clients (
    client_id INTEGER PRIMARY KEY,
    premises_id INTEGER NOT NULL REFERENCES premises,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    language TEXT NOT NULL,
    notes TEXT NOT NULL,
    search TEXT NOT NULL
) STRICT;
INSERT INTO "clients" VALUES(1,1,'Žanna Paraugs (invented)','+371 2000 0001','lv','hard of hearing','zanna paraugs (invented)
hard of hearing
+371 2000 0001
37120000001');
CREATE TABLE incidents (
    incident_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    priority TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_s REAL NOT NULL,
    unit_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    is_known_unit INTEGER NOT NULL,
    is_late INTEGER NOT NULL,
    alarms TEXT NOT NULL,
    units TEXT NOT NULL,
    owner TEXT NOT NULL,
    level INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    pressed_s REAL,
    accepted_s REAL,
    closed_s REAL,
    outcome TEXT
) STRICT;
INSERT INTO "incidents" VALUES(1,'alarm','alarm','raised',1790000000.0,'unit-1','Big button','',1,0,'[{"epoch":"00000000000000e1","seq":1},{"epoch":"00000000000000e1","seq":2}]','[]','',0,1,1789999999.75,NULL,NULL,NULL);
INSERT INTO "incidents" VALUES(2,'many_silent','urgent','closed',1790000000.0,'','','a detail',0,1,'[]','["unit-1","unit-2"]','anna',2,0,NULL,1790000001.0,1790000002.0,'restored');
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    unit_id TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    urgency TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    age_s REAL,
    wall_s REAL,
    wall_quality TEXT,
    received_s REAL NOT NULL,
    is_known_unit INTEGER NOT NULL,
    incident_id INTEGER REFERENCES incidents,
    UNIQUE (unit_id, epoch, seq)
) STRICT;
INSERT INTO "messages" VALUES(1,'unit-1','00000000000000e1',1,'alarm','alarm_raised','{"kind":"alarm_raised","trigger":{"trigger_id":"button","name":"Big button","device_type":"0004","location_code":"042"},"status_code":"0010"}',0.25,1789999999.5,'kept',1790000000.0,1,1);
INSERT INTO "messages" VALUES(2,'unit-1','00000000000000e1',2,'event','fault_restored','{"kind":"fault_restored","fault":"mains_lost","status_code":"0086","subject":""}',NULL,NULL,NULL,1790000000.0,1,NULL);
CREATE TABLE operators (
    name TEXT NOT NULL PRIMARY KEY,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    is_active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "operators" VALUES('anna','$argon2id$invented','administrator','fi',1);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    command_id TEXT NOT NULL UNIQUE,
    unit_id TEXT NOT NULL,
    incident_id INTEGER REFERENCES incidents,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    issued_s REAL NOT NULL,
    detail TEXT NOT NULL
) STRICT;
INSERT INTO "orders" VALUES(1,'c0-1','unit-1',1,'{"kind":"answer_alarm","alarm":{"epoch":"00000000000000e1","seq":1}}','waiting',1790000000.0,'');
CREATE TABLE premises (
    premises_id INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    key_location TEXT NOT NULL,
    notes TEXT NOT NULL,
    search TEXT NOT NULL
) STRICT;
INSERT INTO "premises" VALUES(1,'Ābeļu iela 1-2, Rīga (invented)','with the neighbour','Dog: Džeks','abelu iela 1-2, riga (invented)
dog: dzeks');
CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    operator TEXT NOT NULL REFERENCES operators,
    opened_s REAL NOT NULL,
    expires_s REAL NOT NULL,
    ended_s REAL
) STRICT, WITHOUT ROWID;
INSERT INTO "sessions" VALUES('5e55','anna',1790000000.0,1790003600.0,1790000060.0);
CREATE TABLE timeline (
    incident_id INTEGER NOT NULL REFERENCES incidents,
    number INTEGER NOT NULL,
    at_s REAL NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    text TEXT NOT NULL,
    age_s REAL,
    PRIMARY KEY (incident_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "timeline" VALUES(1,1,1790000000.0,'raised','','Big button',0.25);
CREATE TABLE units (
    unit_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    premises_id INTEGER REFERENCES premises,
    reporting_time_s REAL NOT NULL,
    heartbeat_s REAL NOT NULL,
    is_in_service INTEGER NOT NULL,
    search TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "units" VALUES('unit-1','Unit by the bed',1,120.0,40.0,1,'unit-1
unit by the bed');
CREATE TABLE unreadable (
    id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    problem TEXT NOT NULL,
    detail TEXT NOT NULL,
    received_s REAL NOT NULL
) STRICT;
INSERT INTO "unreadable" VALUES(1,'poga/1/unit-1/alarm',X'FF31','not_json','invalid utf-8',1790000001.0);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX clients_by_premises ON clients (premises_id);
CREATE INDEX incidents_open ON incidents (incident_id) WHERE state <> 'closed';
CREATE INDEX incidents_by_unit ON incidents (unit_id);
CREATE INDEX incidents_of_many ON incidents (incident_id) WHERE kind = 'many_silent';
CREATE INDEX messages_by_unit ON messages (unit_id);
CREATE INDEX orders_by_incident ON orders (incident_id);
CREATE INDEX orders_waiting ON orders (id) WHERE state = 'waiting';
COMMIT;
