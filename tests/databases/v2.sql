BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'poga','m001_first_release','2026-07-01 12:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'poga','m002_calls','2026-11-22 12:00:00+00:00');
CREATE TABLE announcements (
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    PRIMARY KEY (name, language)
) STRICT, WITHOUT ROWID;
INSERT INTO "announcements" VALUES('doctor','lv','Ārsts ir ceļā.',1);
CREATE TABLE call_legs (
    id INTEGER PRIMARY KEY,
    leg TEXT NOT NULL UNIQUE,
    incident_id INTEGER NOT NULL REFERENCES incidents,
    kind TEXT NOT NULL,
    began_s REAL NOT NULL,
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    is_incoming INTEGER NOT NULL,
    answered_s REAL,
    heard_s REAL,
    ended_s REAL,
    status INTEGER NOT NULL,
    reason TEXT NOT NULL,
    is_silence INTEGER NOT NULL
) STRICT;
INSERT INTO "call_legs" VALUES(1,'c0-1',1,'operator',1790000000.0,'anna','',0,1790000002.0,1790000002.5,1790000060.0,200,'OK',0);
CREATE TABLE call_lists (
    list_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    members TEXT NOT NULL,
    place INTEGER NOT NULL,
    call_order TEXT NOT NULL,
    ring_s INTEGER NOT NULL,
    after_cycle TEXT NOT NULL,
    is_escalation INTEGER NOT NULL,
    languages TEXT NOT NULL,
    hours TEXT NOT NULL,
    organisation TEXT NOT NULL,
    is_active INTEGER NOT NULL
) STRICT;
INSERT INTO "call_lists" VALUES(1,'Day shift','[{"kind":"operator","name":"anna","number":"","is_sure":false},{"kind":"phone","name":"Duty phone (invented)","number":"+371 2000 0003","is_sure":true}]',2,'rotating',30,'end',0,'["lv","ru"]','[{"days":[0,1,2,3,4],"from_minute":480,"to_minute":1020}]','',1);
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
CREATE TABLE listenings (
    recording_id TEXT NOT NULL REFERENCES recordings,
    at_s REAL NOT NULL,
    operator TEXT NOT NULL,
    PRIMARY KEY (recording_id, at_s, operator)
) STRICT, WITHOUT ROWID;
INSERT INTO "listenings" VALUES('1',1790003600.0,'anna');
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
, phone TEXT NOT NULL DEFAULT '', phone_is_sure INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
INSERT INTO "operators" VALUES('anna','$argon2id$invented','administrator','fi',1,'',0);
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
CREATE TABLE organisations (
    organisation TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    records_calls INTEGER NOT NULL,
    recordings_kept_days INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "organisations" VALUES('','Paraugs Care (invented)',1,30);
CREATE TABLE premises (
    premises_id INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    key_location TEXT NOT NULL,
    notes TEXT NOT NULL,
    search TEXT NOT NULL
) STRICT;
INSERT INTO "premises" VALUES(1,'Ābeļu iela 1-2, Rīga (invented)','with the neighbour','Dog: Džeks','abelu iela 1-2, riga (invented)
dog: dzeks');
CREATE TABLE recordings (
    recording_id TEXT NOT NULL PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incidents,
    began_s REAL NOT NULL,
    keep_until_s REAL NOT NULL,
    organisation TEXT NOT NULL,
    file TEXT NOT NULL,
    seconds REAL,
    key_id TEXT NOT NULL,
    deleted_s REAL
) STRICT, WITHOUT ROWID;
INSERT INTO "recordings" VALUES('1',1,1790000000.0,1792592000.0,'','1.sound',57.5,'k1',NULL);
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
, organisation TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
INSERT INTO "units" VALUES('unit-1','Unit by the bed',1,120.0,40.0,1,'unit-1
unit by the bed','');
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
CREATE INDEX sessions_of_operator ON sessions (operator);
CREATE INDEX call_legs_by_incident ON call_legs (incident_id);
CREATE INDEX recordings_by_incident ON recordings (incident_id);
CREATE INDEX recordings_kept ON recordings (recording_id) WHERE deleted_s IS NULL;
COMMIT;
