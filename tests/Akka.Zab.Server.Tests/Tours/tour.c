/* ZooKeeper's client for C, with its own threads: sessions, data, watches, multi, ACLs, and a server that dies. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <zookeeper/zookeeper.h>

#define CHECK(holds) do { if (!(holds)) fail(#holds, __LINE__); } while (0)
#define PATIENCE_S 30

static void fail(const char *what, int line)
{
    fprintf(stderr, "line %d: not so: %s\n", line, what);
    exit(1);
}

/* What a client heard: states of its session, and changes. */
struct heard {
    pthread_mutex_t lock;
    pthread_cond_t more;
    int count, taken;
    struct { int type, state; char path[64]; } events[64];
};

static void hear(zhandle_t *zk, int type, int state, const char *path, void *context)
{
    struct heard *heard = context;
    pthread_mutex_lock(&heard->lock);
    heard->events[heard->count].type = type;
    heard->events[heard->count].state = state;
    snprintf(heard->events[heard->count].path, sizeof heard->events[0].path, "%s", path ? path : "");
    heard->count++;
    pthread_cond_broadcast(&heard->more);
    pthread_mutex_unlock(&heard->lock);
}

static void expect(struct heard *heard, int type, int state, const char *path)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&heard->lock);
    while (heard->taken == heard->count)
        if (pthread_cond_timedwait(&heard->more, &heard->lock, &end)) fail(path, 0);
    if (heard->events[heard->taken].type != type || heard->events[heard->taken].state != state
        || strcmp(heard->events[heard->taken].path, path)) {
        fprintf(stderr, "event %d, state %d, %s instead of %d, %d, %s\n", heard->events[heard->taken].type,
            heard->events[heard->taken].state, heard->events[heard->taken].path, type, state, path);
        exit(1);
    }
    heard->taken++;
    pthread_mutex_unlock(&heard->lock);
}

static void changed(struct heard *heard, int type, const char *path)
{
    expect(heard, type, ZOO_CONNECTED_STATE, path);
}

static zhandle_t *connected(const char *hosts, const clientid_t *id, struct heard *heard)
{
    memset(heard, 0, sizeof *heard);
    pthread_mutex_init(&heard->lock, NULL);
    pthread_cond_init(&heard->more, NULL);
    zhandle_t *zk = zookeeper_init(hosts, hear, 10000, id, heard, 0);
    CHECK(zk != NULL);
    expect(heard, ZOO_SESSION_EVENT, ZOO_CONNECTED_STATE, "");
    return zk;
}

static int port_of(zhandle_t *zk)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    CHECK(zookeeper_get_connected_host(zk, (struct sockaddr *)&address, &length) != NULL);
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

struct answer {
    pthread_mutex_t lock;
    pthread_cond_t come;
    int done, code;
};

static void answered(int code, const void *context)
{
    struct answer *answer = (struct answer *)context;
    pthread_mutex_lock(&answer->lock);
    answer->code = code;
    answer->done = 1;
    pthread_cond_signal(&answer->come);
    pthread_mutex_unlock(&answer->lock);
}

static int await(struct answer *answer)
{
    pthread_mutex_lock(&answer->lock);
    while (!answer->done) pthread_cond_wait(&answer->come, &answer->lock);
    pthread_mutex_unlock(&answer->lock);
    return answer->code;
}

static int add_auth(zhandle_t *zk, const char *scheme, const char *proof)
{
    struct answer answer = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0 };
    CHECK(zoo_add_auth(zk, scheme, proof, strlen(proof), answered, &answer) == ZOK);
    return await(&answer);
}

static void synced(int code, const char *path, const void *context)
{
    answered(code, context);
}

/* What is read afterwards is not older than what the others have done so far. */
static void catch_up(zhandle_t *zk)
{
    struct answer answer = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0 };
    CHECK(zoo_async(zk, "/", synced, &answer) == ZOK);
    CHECK(await(&answer) == ZOK);
}

static void data(zhandle_t *zk)
{
    char name[64], value[64];
    int length = sizeof value;
    struct Stat stat;
    struct String_vector names;
    CHECK(zoo_create(zk, "/c", "root", 4, &ZOO_OPEN_ACL_UNSAFE, 0, name, sizeof name) == ZOK);
    CHECK(zoo_create(zk, "/c", "root", 4, &ZOO_OPEN_ACL_UNSAFE, 0, name, sizeof name) == ZNODEEXISTS);
    CHECK(zoo_create2(zk, "/c/a", "1", 1, &ZOO_OPEN_ACL_UNSAFE, 0, name, sizeof name, &stat) == ZOK);
    CHECK(stat.version == 0 && stat.dataLength == 1 && stat.czxid == stat.mzxid);
    CHECK(zoo_create(zk, "/c/s-", NULL, -1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT_SEQUENTIAL, name, sizeof name) == ZOK);
    CHECK(!strcmp(name, "/c/s-0000000001"));
    CHECK(zoo_create(zk, "/c/e", "e", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, name, sizeof name) == ZOK);
    CHECK(zoo_create(zk, "/c/e/x", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, name, sizeof name) == ZNOCHILDRENFOREPHEMERALS);
    CHECK(zoo_create(zk, "/c/no/where", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, name, sizeof name) == ZNONODE);
    CHECK(zoo_create(zk, "/c/box", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_CONTAINER, name, sizeof name) == ZOK);
    CHECK(zoo_get(zk, "/c/a", 0, value, &length, &stat) == ZOK && length == 1 && value[0] == '1');
    CHECK(zoo_set2(zk, "/c/a", "22", 2, 0, &stat) == ZOK && stat.version == 1);
    CHECK(zoo_set(zk, "/c/a", "3", 1, 0) == ZBADVERSION);
    CHECK(zoo_exists(zk, "/c/e", 0, &stat) == ZOK && stat.ephemeralOwner == zoo_client_id(zk)->client_id);
    CHECK(zoo_exists(zk, "/c/none", 0, &stat) == ZNONODE);
    length = sizeof value;
    CHECK(zoo_get(zk, "/c/s-0000000001", 0, value, &length, &stat) == ZOK && length == -1);
    CHECK(zoo_get_children2(zk, "/c", 0, &names, &stat) == ZOK && names.count == 4 && stat.numChildren == 4);
    deallocate_String_vector(&names);
    CHECK(zoo_delete(zk, "/c", -1) == ZNOTEMPTY);
    CHECK(zoo_delete(zk, "/c/s-0000000001", 5) == ZBADVERSION);
    CHECK(zoo_delete(zk, "/c/s-0000000001", 0) == ZOK);
}

static void many_at_once(zhandle_t *zk)
{
    zoo_op_t ops[4];
    zoo_op_result_t results[4];
    char name[64];
    struct Stat stat;
    zoo_check_op_init(&ops[0], "/c/a", 1);
    zoo_create_op_init(&ops[1], "/c/m", "m", 1, &ZOO_OPEN_ACL_UNSAFE, 0, name, sizeof name);
    zoo_set_op_init(&ops[2], "/c/m", "mm", 2, 0, &stat);
    zoo_delete_op_init(&ops[3], "/c/m", 1);
    CHECK(zoo_multi(zk, 4, ops, results) == ZOK);
    CHECK(!strcmp(name, "/c/m") && stat.version == 1 && results[3].err == ZOK);
    zoo_check_op_init(&ops[0], "/c/a", 9);
    CHECK(zoo_multi(zk, 3, ops, results) == ZBADVERSION);
    CHECK(results[0].err == ZBADVERSION && results[1].err == ZRUNTIMEINCONSISTENCY);
    CHECK(zoo_exists(zk, "/c/m", 0, &stat) == ZNONODE);
}

static void watches(zhandle_t *zk, struct heard *heard, zhandle_t *other)
{
    char name[64], value[64];
    int length = sizeof value;
    struct Stat stat;
    struct String_vector names;
    CHECK(zoo_wget(zk, "/c/a", hear, heard, value, &length, &stat) == ZOK);
    CHECK(zoo_set(other, "/c/a", "3", 1, -1) == ZOK);
    changed(heard, ZOO_CHANGED_EVENT, "/c/a");
    CHECK(zoo_wexists(zk, "/c/later", hear, heard, &stat) == ZNONODE);
    CHECK(zoo_create(other, "/c/later", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, name, sizeof name) == ZOK);
    changed(heard, ZOO_CREATED_EVENT, "/c/later");
    CHECK(zoo_wget_children(zk, "/c", hear, heard, &names) == ZOK);
    deallocate_String_vector(&names);
    CHECK(zoo_delete(other, "/c/later", -1) == ZOK);
    changed(heard, ZOO_CHILD_EVENT, "/c");
    length = sizeof value;
    CHECK(zoo_wget(zk, "/c/a", hear, heard, value, &length, &stat) == ZOK);
    CHECK(zoo_remove_watches(zk, "/c/a", ZWATCHTYPE_DATA, hear, heard, 0) == ZOK);
    CHECK(zoo_remove_watches(zk, "/c/a", ZWATCHTYPE_DATA, hear, heard, 0) == ZNOWATCHER);
}

static void acls(zhandle_t *zk, zhandle_t *other)
{
    char name[64], value[64];
    int length = sizeof value;
    struct Stat stat;
    struct ACL_vector acl;
    CHECK(zoo_create(zk, "/c/mine", "m", 1, &ZOO_CREATOR_ALL_ACL, 0, name, sizeof name) == ZINVALIDACL);
    CHECK(add_auth(zk, "digest", "bob:pw") == ZOK);
    CHECK(zoo_create(zk, "/c/mine", "m", 1, &ZOO_CREATOR_ALL_ACL, 0, name, sizeof name) == ZOK);
    catch_up(other);
    CHECK(zoo_get(other, "/c/mine", 0, value, &length, &stat) == ZNOAUTH);
    CHECK(zoo_get_acl(zk, "/c/mine", &acl, &stat) == ZOK && acl.count == 1);
    CHECK(!strcmp(acl.data[0].id.id, "bob:ikIaKsbtGweaHnb/jKn7OHqbunM=") && acl.data[0].perms == ZOO_PERM_ALL);
    deallocate_ACL_vector(&acl);
    struct ACL entries[] = { { ZOO_PERM_ALL, ZOO_AUTH_IDS }, { ZOO_PERM_READ, ZOO_ANYONE_ID_UNSAFE } };
    struct ACL_vector readable = { 2, entries };
    CHECK(zoo_set_acl(zk, "/c/mine", 3, &readable) == ZBADVERSION);
    CHECK(zoo_set_acl(zk, "/c/mine", 0, &readable) == ZOK);
    CHECK(zoo_set(other, "/c/mine", "o", 1, -1) == ZNOAUTH);
    length = sizeof value;
    catch_up(other);
    CHECK(zoo_get(other, "/c/mine", 0, value, &length, &stat) == ZOK && stat.aversion == 1);
}

/* Where the server that was killed led, the others serve nobody for a moment, until somebody leads again. */
static void serving(zhandle_t *zk)
{
    struct timespec moment = { 0, 20000000 };
    struct Stat stat;
    int code;
    while ((code = zoo_exists(zk, "/", 0, &stat)) == ZCONNECTIONLOSS) nanosleep(&moment, NULL);
    CHECK(code == ZOK);
    catch_up(zk);
}

static void reconnect(zhandle_t *zk, struct heard *heard, zhandle_t *other, const char *hosts)
{
    char name[64], value[64], answer[16];
    int length = sizeof value;
    struct Stat stat;
    struct heard more;
    zhandle_t *witness = other;
    int port = port_of(zk);
    int64_t session = zoo_client_id(zk)->client_id;
    while (port_of(witness) == port) {
        if (witness != other) zookeeper_close(witness);
        witness = connected(hosts, NULL, &more);
    }
    CHECK(zoo_wget(zk, "/c/a", hear, heard, value, &length, &stat) == ZOK);
    CHECK(zoo_wexists(zk, "/c/kept", hear, heard, &stat) == ZNONODE);
    printf("kill %d\n", port);
    fflush(stdout);
    CHECK(fgets(answer, sizeof answer, stdin) && !strcmp(answer, "killed\n"));
    /* Everybody who watches something hears of the connection: the session, and two watches. */
    expect(heard, ZOO_SESSION_EVENT, ZOO_CONNECTING_STATE, "");
    expect(heard, ZOO_SESSION_EVENT, ZOO_CONNECTED_STATE, "");
    CHECK(port_of(zk) != port && zoo_client_id(zk)->client_id == session);
    serving(witness);
    serving(other);
    CHECK(zoo_exists(witness, "/c/e", 0, &stat) == ZOK && stat.ephemeralOwner == session);
    CHECK(zoo_set(witness, "/c/a", "5", 1, -1) == ZOK);
    changed(heard, ZOO_CHANGED_EVENT, "/c/a");
    CHECK(zoo_create(witness, "/c/kept", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, name, sizeof name) == ZOK);
    changed(heard, ZOO_CREATED_EVENT, "/c/kept");
    /* It has proved again who it is. */
    CHECK(zoo_set(zk, "/c/mine", "n", 1, -1) == ZOK);
    if (witness != other) zookeeper_close(witness);
}

int main(int count, char **arguments)
{
    struct heard heard, other_heard, brief_heard;
    struct Stat stat;
    char name[64];
    CHECK(count == 2);
    zoo_set_debug_level(0);
    zhandle_t *zk = connected(arguments[1], NULL, &heard);
    zhandle_t *other = connected(arguments[1], NULL, &other_heard);
    data(zk);
    many_at_once(zk);
    watches(zk, &heard, other);
    acls(zk, other);
    reconnect(zk, &heard, other, arguments[1]);

    zhandle_t *brief = connected(arguments[1], NULL, &brief_heard);
    CHECK(zoo_create(brief, "/c/brief", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, name, sizeof name) == ZOK);
    catch_up(zk);
    CHECK(zoo_wexists(zk, "/c/brief", hear, &heard, &stat) == ZOK);
    CHECK(zookeeper_close(brief) == ZOK);
    changed(&heard, ZOO_DELETED_EVENT, "/c/brief");
    CHECK(zookeeper_close(zk) == ZOK && zookeeper_close(other) == ZOK);
    puts("tour done");
    return 0;
}
