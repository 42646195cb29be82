import java.io.DataOutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** ZooKeeper's own client for Java with a JAAS file of DigestLoginModule, at a server that demands it. */
public final class SaslTour {
    private static String hosts;

    public static void main(String[] arguments) throws Exception {
        hosts = arguments[0];
        BlockingQueue<KeeperState> states = new LinkedBlockingQueue<>();
        ZooKeeper bob = connect("Bob", states);
        Talk.equal(KeeperState.SyncConnected, Talk.next(states));
        Talk.equal(KeeperState.SaslAuthenticated, Talk.next(states));
        Talk.equal("/bob", bob.create("/bob", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT));
        Talk.equal(Arrays.asList(new ACL(Perms.ALL, new Id("sasl", "bob"))), bob.getACL("/bob", new Stat()));
        Talk.check(knows(bob, "sasl", "bob"), bob.whoAmI());
        bob.create("/alice", null, acl("sasl", "alice"), CreateMode.PERSISTENT);
        Talk.fails(Code.NOAUTH, () -> bob.setData("/alice", null, -1));
        Talk.fails(Code.INVALIDACL, () -> bob.create("/none", null, acl("sasl", "a@b@c"), CreateMode.PERSISTENT));

        ZooKeeper alice = connect("Alice", new LinkedBlockingQueue<>());
        Talk.equal(1, alice.setData("/alice", null, 0).getVersion());
        Talk.fails(Code.NOAUTH, () -> alice.getData("/bob", false, null));
        ZooKeeper root = connect("Root", new LinkedBlockingQueue<>());
        Talk.equal(1, root.setData("/bob", null, 0).getVersion());

        // It logs in again by itself.
        bob.create("/bob/e", null, Ids.CREATOR_ALL_ACL, CreateMode.EPHEMERAL);
        takeFrom(bob);
        Talk.equal(KeeperState.Disconnected, Talk.next(states));
        Talk.equal(KeeperState.SyncConnected, Talk.next(states));
        Talk.equal(KeeperState.SaslAuthenticated, Talk.next(states));
        Talk.equal(bob.getSessionId(), bob.exists("/bob/e", false).getEphemeralOwner());
        Talk.check(knows(bob, "sasl", "bob"), bob.whoAmI());

        // Who has the wrong password, or logs in not at all, gets nowhere.
        BlockingQueue<KeeperState> refused = new LinkedBlockingQueue<>();
        ZooKeeper wrong = connect("Wrong", refused);
        Talk.fails(Code.AUTHFAILED, () -> wrong.exists("/", false));
        Talk.check(refused.contains(KeeperState.AuthFailed), refused);
        ZooKeeper nobody = connect(null, new LinkedBlockingQueue<>());
        Talk.fails(Code.SESSIONCLOSEDREQUIRESASLAUTH, () -> nobody.exists("/", false));

        for (ZooKeeper each : Arrays.asList(bob, alice, root)) each.close();
        System.out.println("tour done");
        System.exit(0);
    }

    private static ZooKeeper connect(String section, BlockingQueue<KeeperState> states) throws Exception {
        ZKClientConfig config = new ZKClientConfig();
        if (section != null) config.setProperty(ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, section);
        else config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        return new ZooKeeper(hosts, 20_000, (WatchedEvent event) -> states.add(event.getState()), config);
    }

    /** Takes the session over on another connection, and leaves it there: the client has lost its own. */
    private static void takeFrom(ZooKeeper client) throws Exception {
        int colon = hosts.indexOf(':');
        try (Socket thief = new Socket(hosts.substring(0, colon), Integer.parseInt(hosts.substring(colon + 1)))) {
            DataOutputStream request = new DataOutputStream(thief.getOutputStream());
            request.writeInt(44);
            request.writeInt(0);
            request.writeLong(0);
            request.writeInt(20_000);
            request.writeLong(client.getSessionId());
            request.writeInt(16);
            request.write(client.getSessionPasswd());
            request.flush();
            Talk.check(thief.getInputStream().read() >= 0, "no answer");
        }
    }

    private static List<ACL> acl(String scheme, String id) {
        return Arrays.asList(new ACL(Perms.ALL, new Id(scheme, id)));
    }

    private static boolean knows(ZooKeeper client, String scheme, String user) throws Exception {
        for (ClientInfo info : client.whoAmI())
            if (info.getAuthScheme().equals(scheme) && info.getUser().equals(user)) return true;
        return false;
    }
}
