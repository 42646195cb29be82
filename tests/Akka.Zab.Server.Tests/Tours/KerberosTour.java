import java.util.Arrays;
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
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** ZooKeeper's own client for Java with a JAAS file of Krb5LoginModule; the arguments are the ids to be known by. */
public final class KerberosTour {
    private static String hosts;

    public static void main(String[] arguments) throws Exception {
        hosts = arguments[0];
        BlockingQueue<KeeperState> states = new LinkedBlockingQueue<>();
        ZooKeeper bob = connect("Bob", states);
        Talk.equal(KeeperState.SyncConnected, Talk.next(states));
        Talk.equal(KeeperState.SaslAuthenticated, Talk.next(states));
        bob.create("/bob", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        Talk.equal(Arrays.asList(new ACL(Perms.ALL, new Id("sasl", arguments[1]))), bob.getACL("/bob", new Stat()));

        ZooKeeper app = connect("App", new LinkedBlockingQueue<>());
        Talk.fails(Code.NOAUTH, () -> app.getData("/bob", false, null));
        app.create("/app", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        Talk.equal(Arrays.asList(new ACL(Perms.ALL, new Id("sasl", arguments[2]))), app.getACL("/app", new Stat()));

        // DIGEST-MD5 beside it.
        ZooKeeper root = connect("Root", new LinkedBlockingQueue<>());
        Talk.equal(1, root.setData("/bob", null, 0).getVersion());
        for (ZooKeeper each : Arrays.asList(bob, app, root)) each.close();
        System.out.println("tour done");
        System.exit(0);
    }

    private static ZooKeeper connect(String section, BlockingQueue<KeeperState> states) throws Exception {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, section);
        return new ZooKeeper(hosts, 20_000, (WatchedEvent event) -> states.add(event.getState()), config);
    }
}
