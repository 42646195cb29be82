import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/** ZooKeeper's own client for Java, through all that it has. */
public final class JavaTour {
    private static String hosts;

    public static void main(String[] arguments) throws Exception {
        hosts = arguments[0];
        try (Client zk = new Client(); Client other = new Client()) {
            data(zk);
            manyAtOnce(zk);
            watches(zk, other);
            acls(zk, other);
            callbacks(zk);
            reconnect(zk, other);
            sessions(zk, other);
            catchUp(zk);
            ZKUtil.deleteRecursive(zk, "/java");
            Talk.equal(null, zk.exists("/java", false));
        }
        System.out.println("tour done");
        System.exit(0);
    }

    private static void data(Client zk) throws Exception {
        Talk.equal("/java", zk.create("/java", bytes("root"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        Stat stat = new Stat();
        Talk.equal("/java/a", zk.create("/java/a", bytes("1"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, stat));
        Talk.check(stat.getCzxid() > 0 && stat.getCzxid() == stat.getPzxid() && stat.getCtime() > 0, stat);
        Talk.equal("1", new String(zk.getData("/java/a", false, stat), UTF_8));
        Talk.equal(1, zk.setData("/java/a", bytes("22"), 0).getVersion());
        Talk.equal(2, zk.exists("/java/a", false).getDataLength());
        Talk.fails(Code.BADVERSION, () -> zk.setData("/java/a", null, 7));
        Talk.fails(Code.NODEEXISTS, () -> zk.create("/java/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        Talk.fails(Code.NONODE, () -> zk.create("/java/x/y", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        Talk.fails(Code.NONODE, () -> zk.getData("/java/none", false, null));
        Talk.equal("/java/s-0000000001",
            zk.create("/java/s-", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL));
        Talk.equal("/java/e-0000000002",
            zk.create("/java/e-", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL));
        Talk.equal("/java/e", zk.create("/java/e", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
        Talk.equal(zk.getSessionId(), zk.exists("/java/e", false).getEphemeralOwner());
        Talk.fails(Code.NOCHILDRENFOREPHEMERALS,
            () -> zk.create("/java/e/x", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        Talk.equal(null, zk.getData("/java/e", false, null));
        zk.create("/java/box", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        Talk.fails(Code.UNIMPLEMENTED, () -> zk.create(
            "/java/ttl", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, new Stat(), 1000));
        Talk.fails(Code.NOTEMPTY, () -> { zk.delete("/java", -1); return null; });
        Talk.fails(Code.BADARGUMENTS, () -> { zk.delete("/zookeeper", -1); return null; });
        Talk.equal(Set.of("a", "box", "e", "e-0000000002", "s-0000000001"), Set.copyOf(zk.getChildren("/java", false)));
        Talk.equal(5, zk.getChildren("/java", false, stat).size());
        Talk.equal(5, stat.getNumChildren());
        Talk.equal(5, zk.getAllChildrenNumber("/java"));
        Talk.equal(Set.of("/java/e", "/java/e-0000000002"), Set.copyOf(zk.getEphemerals("/java")));
        zk.delete("/java/s-0000000001", 0);
        Talk.equal(5, ZKUtil.listSubTreeBFS(zk, "/java").size());
        Talk.equal(true, new String(zk.getConfig(false, stat)).contains("server.3="));
    }

    private static void manyAtOnce(Client zk) throws Exception {
        List<OpResult> results = zk.multi(List.of(
            Op.check("/java/a", 1),
            Op.create("/java/m", bytes("m"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
            Op.create("/java/m/s-", bytes("m"), Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL),
            Op.setData("/java/m", bytes("mm"), 0), Op.delete("/java/m/s-0000000000", -1)));
        Talk.equal("/java/m/s-0000000000", ((OpResult.CreateResult) results.get(2)).getPath());
        Talk.equal(1, ((OpResult.SetDataResult) results.get(3)).getStat().getVersion());
        Talk.fails(Code.NONODE, () -> zk.multi(List.of(
            Op.delete("/java/m", -1), Op.delete("/java/none", -1), Op.setData("/java/a", null, -1))));
        Talk.check(zk.exists("/java/m", false) != null, "a multi that failed was done in part");
        Talk.equal(2, zk.transaction().delete("/java/m", 1).check("/java", 0).commit().size());
        results = zk.multi(List.of(Op.getData("/java/a"), Op.getChildren("/java"), Op.getData("/java/none")));
        Talk.equal("22", new String(((OpResult.GetDataResult) results.get(0)).getData(), UTF_8));
        Talk.equal(4, ((OpResult.GetChildrenResult) results.get(1)).getChildren().size());
        Talk.equal(Code.NONODE.intValue(), ((OpResult.ErrorResult) results.get(2)).getErr());
    }

    private static void watches(Client zk, Client other) throws Exception {
        Events once = new Events();
        zk.getData("/java/a", once, null);
        zk.exists("/java/later", once);
        other.setData("/java/a", bytes("3"), -1);
        once.expect(EventType.NodeDataChanged, "/java/a");
        other.create("/java/later", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        once.expect(EventType.NodeCreated, "/java/later");
        zk.getChildren("/java", once);
        zk.exists("/java/later", once);
        other.delete("/java/later", -1);
        once.expect(EventType.NodeDeleted, "/java/later");
        once.expect(EventType.NodeChildrenChanged, "/java");

        Events all = new Events();
        zk.addWatch("/java/tree", all, AddWatchMode.PERSISTENT_RECURSIVE);
        Events persistent = new Events();
        zk.addWatch("/java/a", persistent, AddWatchMode.PERSISTENT);
        for (String path : List.of("/java/tree", "/java/tree/x", "/java/tree/x/y")) {
            other.create(path, null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            all.expect(EventType.NodeCreated, path);
        }
        for (int i = 0; i < 3; i++) {
            other.setData("/java/a", bytes("4"), -1);
            persistent.expect(EventType.NodeDataChanged, "/java/a");
        }
        other.setData("/java/tree/x/y", null, -1);
        all.expect(EventType.NodeDataChanged, "/java/tree/x/y");
        catchUp(other);
        ZKUtil.deleteRecursive(other, "/java/tree/x");
        all.expect(EventType.NodeDeleted, "/java/tree/x/y");
        all.expect(EventType.NodeDeleted, "/java/tree/x");
        zk.removeWatches("/java/a", persistent, WatcherType.Any, false);
        persistent.expect(EventType.PersistentWatchRemoved, "/java/a");
        Talk.fails(Code.NOWATCHER, () -> { zk.removeWatches("/java/a", persistent, WatcherType.Any, false); return null; });
        zk.removeAllWatches("/java/tree", WatcherType.Any, false);
        all.expect(EventType.PersistentWatchRemoved, "/java/tree");
        other.setData("/java/tree", null, -1);
        catchUp(zk);
        Talk.equal(1, zk.exists("/java/tree", false).getVersion());
        Talk.check(all.isEmpty() && persistent.isEmpty() && once.isEmpty(), "events that nobody asked for");
    }

    private static void acls(Client zk, Client other) throws Exception {
        Talk.fails(Code.INVALIDACL, () -> zk.create("/java/mine", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT));
        zk.addAuthInfo("digest", bytes("bob:pw"));
        zk.create("/java/mine", bytes("m"), Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        catchUp(other);
        Talk.fails(Code.NOAUTH, () -> other.getData("/java/mine", false, null));
        Stat stat = new Stat();
        Id bob = new Id("digest", DigestAuthenticationProvider.generateDigest("bob:pw"));
        Talk.equal(List.of(new ACL(Perms.ALL, bob)), zk.getACL("/java/mine", stat));
        zk.setACL("/java/mine", Arrays.asList(new ACL(Perms.ALL, bob), new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE)), 0);
        catchUp(other);
        Talk.equal("m", new String(other.getData("/java/mine", false, stat), UTF_8));
        Talk.equal(1, stat.getAversion());
        Talk.equal(new Id("digest", "bob:x"), other.getACL("/java/mine", null).get(0).getId());
        Talk.fails(Code.NOAUTH, () -> other.setData("/java/mine", null, -1));
        Talk.fails(Code.BADVERSION, () -> zk.setACL("/java/mine", Ids.OPEN_ACL_UNSAFE, 0));
        Set<String> who = new TreeSet<>();
        zk.whoAmI().forEach(info -> who.add(info.getAuthScheme() + ":" + info.getUser()));
        Talk.equal(Set.of("digest:bob", "ip:127.0.0.1"), who);
    }

    /** Many requests under way at once: their replies come in their order. */
    private static void callbacks(Client zk) throws Exception {
        BlockingQueue<String> replies = new LinkedBlockingQueue<>();
        List<String> expected = new ArrayList<>();
        zk.create("/java/many", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < 1000; i++) {
            int number = i;
            zk.create("/java/many/n", bytes("" + i), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL,
                (code, path, context, name) -> replies.add(code + " " + name), null);
            zk.getData(String.format("/java/many/n%010d", i), false,
                (code, path, context, data, stat) -> replies.add(code + " " + new String(data, UTF_8)), null);
            expected.add(String.format("0 /java/many/n%010d", i));
            expected.add("0 " + number);
        }
        for (String each : expected) Talk.equal(each, Talk.next(replies));
        ZKUtil.deleteRecursive(zk, "/java/many", 64);
    }

    private static void reconnect(Client zk, Client other) throws Exception {
        int port = Talk.portOf(zk);
        Client witness = Talk.portOf(other) == port ? elsewhere(port) : other;
        Events data = new Events();
        Events missed = new Events();
        Events recursive = new Events();
        zk.getData("/java/a", data, null);
        zk.exists("/java/missed", missed);
        zk.addWatch("/java/kept", recursive, AddWatchMode.PERSISTENT_RECURSIVE);
        long session = zk.getSessionId();
        zk.states.clear();
        Talk.kill(port);
        Talk.surely(() -> create(witness, "/java/missed"));
        Talk.equal(KeeperState.Disconnected, Talk.next(zk.states));
        Talk.equal(KeeperState.SyncConnected, Talk.next(zk.states));
        Talk.check(Talk.portOf(zk) != port, "it is still connected to the server that was killed");
        Talk.equal(session, zk.getSessionId());
        Talk.surely(() -> catchUp(zk));
        Talk.surely(() -> catchUp(witness));
        missed.expect(EventType.NodeCreated, "/java/missed");
        Talk.equal(session, witness.exists("/java/e", false).getEphemeralOwner());
        Talk.equal("m", new String(zk.getData("/java/mine", false, null), UTF_8));
        witness.setData("/java/a", bytes("5"), -1);
        data.expect(EventType.NodeDataChanged, "/java/a");
        Talk.surely(() -> create(witness, "/java/kept"));
        recursive.expect(EventType.NodeCreated, "/java/kept");
        if (witness != other) witness.close();
    }

    private static void sessions(Client zk, Client other) throws Exception {
        Client brief = new Client();
        Events gone = new Events();
        brief.create("/java/brief", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        Talk.surely(() -> catchUp(other));
        Talk.check(other.exists("/java/brief", gone) != null, "/java/brief is not there");
        // Another connection takes the session over and closes it; the first one is told that it has expired.
        BlockingQueue<KeeperState> states = new LinkedBlockingQueue<>();
        brief.states.clear();
        ZooKeeper thief = new ZooKeeper(
            hosts, 10_000, event -> states.add(event.getState()), brief.getSessionId(), brief.getSessionPasswd());
        Talk.equal(KeeperState.SyncConnected, Talk.next(states));
        thief.close();
        gone.expect(EventType.NodeDeleted, "/java/brief");
        KeeperState last = null;
        while (last != KeeperState.Expired) last = Talk.next(brief.states);
        Talk.fails(Code.SESSIONEXPIRED, () -> brief.exists("/", false));
    }

    /** What is read afterwards is not older than what the others have done so far. */
    private static Void catchUp(Client client) throws Exception {
        BlockingQueue<Integer> done = new LinkedBlockingQueue<>();
        client.sync("/", (code, path, context) -> done.add(code), null);
        int code = Talk.next(done);
        if (code != 0) throw KeeperException.create(Code.get(code));
        return null;
    }

    /** Creates it if it is not there. */
    private static Void create(Client client, String path) throws Exception {
        try {
            client.create(path, null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException e) {
            // A request whose connection was lost was done all the same.
        }
        return null;
    }

    /** A client that is connected to another server. */
    private static Client elsewhere(int port) throws Exception {
        while (true) {
            Client client = new Client();
            if (Talk.portOf(client) != port) return client;
            client.close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** A connected client that remembers the states it has been in. */
    static final class Client extends ZooKeeper {
        final BlockingQueue<KeeperState> states;

        Client() throws Exception {
            this(new LinkedBlockingQueue<>());
            Talk.equal(KeeperState.SyncConnected, Talk.next(states));
        }

        private Client(BlockingQueue<KeeperState> states) throws Exception {
            super(hosts, 10_000, event -> {
                if (event.getType() == EventType.None) states.add(event.getState());
            });
            this.states = states;
        }
    }

    /** Changes that a watch told of. */
    static final class Events extends LinkedBlockingQueue<WatchedEvent> implements Watcher {
        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != EventType.None) add(event);
        }

        void expect(EventType type, String path) throws Exception {
            WatchedEvent event = Talk.next(this);
            Talk.check(event.getType() == type && path.equals(event.getPath()), type + " " + path + ", not " + event);
        }
    }
}
