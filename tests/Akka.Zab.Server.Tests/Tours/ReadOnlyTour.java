import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import java.util.List;

/** ZooKeeper's own client for Java against a server whose two companions are gone, until one of them is back. */
public final class ReadOnlyTour {
    public static void main(String[] arguments) throws Exception {
        BlockingQueue<KeeperState> states = new LinkedBlockingQueue<>();
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        ZooKeeper zk = new ZooKeeper(arguments[0], 10_000, event -> {
            if (event.getType() == EventType.None) states.add(event.getState());
            else events.add(event);
        }, true);
        await(states, KeeperState.ConnectedReadOnly);
        Talk.equal(ZooKeeper.States.CONNECTEDREADONLY, zk.getState());
        Talk.equal("here", new String(zk.getData("/tour", true, null), UTF_8));
        Talk.equal(List.of("tour", "zookeeper"), zk.getChildren("/", false).stream().sorted().toList());
        Talk.equal(null, zk.exists("/nothing", false));
        Talk.fails(Code.NOTREADONLY, () -> zk.create("/mine", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        Talk.fails(Code.NOTREADONLY, () -> zk.create("/mine", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
        Talk.fails(Code.NOTREADONLY, () -> zk.setData("/tour", null, -1));
        Talk.fails(Code.NOTREADONLY, () -> { zk.delete("/tour", -1); return null; });
        Talk.fails(Code.NOTREADONLY, () -> zk.multi(List.of(Op.setData("/tour", null, -1))));
        Talk.equal("here", new String(zk.getData("/tour", true, null), UTF_8));

        System.out.println("revive");
        await(states, KeeperState.SyncConnected);
        Talk.surely(() -> zk.setData("/tour", "changed".getBytes(UTF_8), -1));
        WatchedEvent event = Talk.next(events);
        Talk.equal(EventType.NodeDataChanged, event.getType());
        Talk.equal("/tour", event.getPath());
        Talk.surely(() -> zk.create("/mine", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
        Talk.equal(zk.getSessionId(), Talk.surely(() -> zk.exists("/mine", false)).getEphemeralOwner());
        Talk.surely(() -> zk.setData("/tour", "here".getBytes(UTF_8), -1));
        zk.close();
        System.out.println("tour done");
        System.exit(0);
    }

    private static void await(BlockingQueue<KeeperState> states, KeeperState expected) throws Exception {
        KeeperState state = Talk.next(states);
        while (state != expected) state = Talk.next(states);
    }

    private ReadOnlyTour() {
    }
}
