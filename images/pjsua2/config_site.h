/* PJSIP's own settings for Poga: room for a centre, and a message of the size that our wire allows.
 * What ./aconfigure can choose stands in compile.py. */

/* A centre bridges the client's leg with the operator's, and adds a third: 256 legs are some 100 conversations.
 * Every leg takes two media sockets; epoll lets the handles exceed what select() could. */
#define PJSUA_MAX_CALLS         256
#define PJ_IOQUEUE_MAX_HANDLES  2048

/* Every leg may have an announcement and a recording, and each of the three is a port of the bridge. */
#define PJSUA_MAX_PLAYERS       256
#define PJSUA_MAX_RECORDERS     256
#define PJSUA_MAX_CONF_PORTS    1024
#define PJSUA_MAX_ACC           32

/* A longer datagram is cut and answered 200 all the same. A log line holds a whole message. */
#define PJSIP_MAX_PKT_LEN       8000
#define PJ_LOG_MAX_SIZE         9000

#define PJ_HAS_IPV6             1
