"""What each step of the schema does, in SQL: never changed once released. `migrations` runs them."""

M001 = (
    """
    CREATE TABLE premises (
        premises_id INTEGER PRIMARY KEY,
        address TEXT NOT NULL,
        key_location TEXT NOT NULL,
        notes TEXT NOT NULL,
        search TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE units (
        unit_id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        premises_id INTEGER REFERENCES premises,
        reporting_time_s REAL NOT NULL,
        heartbeat_s REAL NOT NULL,
        is_in_service INTEGER NOT NULL,
        search TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE clients (
        client_id INTEGER PRIMARY KEY,
        premises_id INTEGER NOT NULL REFERENCES premises,
        name TEXT NOT NULL,
        phone TEXT NOT NULL,
        language TEXT NOT NULL,
        notes TEXT NOT NULL,
        search TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX clients_by_premises ON clients (premises_id)",
    """
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
    ) STRICT
    """,
    "CREATE INDEX incidents_open ON incidents (incident_id) WHERE state <> 'closed'",
    "CREATE INDEX incidents_by_unit ON incidents (unit_id)",
    "CREATE INDEX incidents_of_many ON incidents (incident_id) WHERE kind = 'many_silent'",
    """
    CREATE TABLE timeline (
        incident_id INTEGER NOT NULL REFERENCES incidents,
        number INTEGER NOT NULL,
        at_s REAL NOT NULL,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        text TEXT NOT NULL,
        age_s REAL,
        PRIMARY KEY (incident_id, number)
    ) STRICT, WITHOUT ROWID
    """,
    """
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
    ) STRICT
    """,
    "CREATE INDEX messages_by_unit ON messages (unit_id)",
    """
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY,
        command_id TEXT NOT NULL UNIQUE,
        unit_id TEXT NOT NULL,
        incident_id INTEGER REFERENCES incidents,
        body TEXT NOT NULL,
        state TEXT NOT NULL,
        issued_s REAL NOT NULL,
        detail TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX orders_by_incident ON orders (incident_id)",
    "CREATE INDEX orders_waiting ON orders (id) WHERE state = 'waiting'",
    """
    CREATE TABLE unreadable (
        id INTEGER PRIMARY KEY,
        topic TEXT NOT NULL,
        payload BLOB NOT NULL,
        problem TEXT NOT NULL,
        detail TEXT NOT NULL,
        received_s REAL NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE operators (
        name TEXT NOT NULL PRIMARY KEY,
        password_hash TEXT NOT NULL,
        role TEXT NOT NULL,
        language TEXT NOT NULL,
        is_active INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE sessions (
        token_hash TEXT NOT NULL PRIMARY KEY,
        operator TEXT NOT NULL REFERENCES operators,
        opened_s REAL NOT NULL,
        expires_s REAL NOT NULL,
        ended_s REAL
    ) STRICT, WITHOUT ROWID
    """,
)

M002 = (
    "ALTER TABLE units ADD COLUMN organisation TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE operators ADD COLUMN phone TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE operators ADD COLUMN phone_is_sure INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX sessions_of_operator ON sessions (operator)",
    """
    CREATE TABLE organisations (
        organisation TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        records_calls INTEGER NOT NULL,
        recordings_kept_days INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
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
    ) STRICT
    """,
    """
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
    ) STRICT
    """,
    "CREATE INDEX call_legs_by_incident ON call_legs (incident_id)",
    """
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
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX recordings_by_incident ON recordings (incident_id)",
    "CREATE INDEX recordings_kept ON recordings (recording_id) WHERE deleted_s IS NULL",
    """
    CREATE TABLE listenings (
        recording_id TEXT NOT NULL REFERENCES recordings,
        at_s REAL NOT NULL,
        operator TEXT NOT NULL,
        PRIMARY KEY (recording_id, at_s, operator)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE announcements (
        name TEXT NOT NULL,
        language TEXT NOT NULL,
        text TEXT NOT NULL,
        is_active INTEGER NOT NULL,
        PRIMARY KEY (name, language)
    ) STRICT, WITHOUT ROWID
    """,
)

H001 = (
    """
    CREATE TABLE last_heartbeat (
        unit_id TEXT NOT NULL PRIMARY KEY,
        heard_s REAL NOT NULL,
        payload BLOB NOT NULL,
        history_s REAL NOT NULL,
        digest INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE history (
        id INTEGER PRIMARY KEY,
        unit_id TEXT NOT NULL,
        heard_s REAL NOT NULL,
        payload BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX history_by_unit ON history (unit_id)",
)
