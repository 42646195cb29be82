import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.recipes.leader.LeaderElectionSupport;
import org.apache.zookeeper.recipes.lock.LockListener;
import org.apache.zookeeper.recipes.lock.WriteLock;
import org.apache.zookeeper.recipes.queue.DistributedQueue;

/** ZooKeeper's own recipes: lock, election, queue. */
public final class RecipesTour {
    public static void main(String[] arguments) throws Exception {
        List<ZooKeeper> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            BlockingQueue<Object> events = new LinkedBlockingQueue<>();
            clients.add(new ZooKeeper(arguments[0], 10_000, events::add));
            Talk.next(events);
        }
        ZooKeeper zk = clients.get(0);
        zk.create("/recipes", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        lock(clients);
        election(clients);
        queue(clients);
        BlockingQueue<Integer> synced = new LinkedBlockingQueue<>();
        zk.sync("/", (code, path, context) -> synced.add(code), null);
        Talk.equal(0, Talk.next(synced));
        ZKUtil.deleteRecursive(zk, "/recipes");
        for (ZooKeeper client : clients) client.close();
        System.out.println("tour done");
        System.exit(0);
    }

    private static void lock(List<ZooKeeper> clients) throws Exception {
        BlockingQueue<Integer> acquired = new LinkedBlockingQueue<>();
        BlockingQueue<Integer> released = new LinkedBlockingQueue<>();
        List<WriteLock> locks = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            int number = i;
            WriteLock lock = new WriteLock(clients.get(i), "/recipes/lock", null, new LockListener() {
                @Override
                public void lockAcquired() {
                    acquired.add(number);
                }

                @Override
                public void lockReleased() {
                    released.add(number);
                }
            });
            Talk.equal(i == 0, lock.lock());
            locks.add(lock);
        }
        for (int i = 0; i < locks.size(); i++) {
            Talk.equal(i, Talk.next(acquired));
            Talk.check(acquired.isEmpty(), "two have the lock");
            // The client that lets go of the lock hears of it where it watches its predecessor.
            locks.get(i).unlock();
            Talk.equal(i, Talk.next(released));
        }
    }

    private static void election(List<ZooKeeper> clients) throws Exception {
        clients.get(0).create("/recipes/election", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        BlockingQueue<String> elected = new LinkedBlockingQueue<>();
        List<LeaderElectionSupport> candidates = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            String name = "candidate " + i;
            LeaderElectionSupport candidate = new LeaderElectionSupport();
            candidate.setZooKeeper(clients.get(i));
            candidate.setRootNodeName("/recipes/election");
            candidate.setHostName(name);
            candidate.addListener(event -> {
                if (event == LeaderElectionSupport.EventType.ELECTED_COMPLETE) elected.add(name);
            });
            candidate.start();
            candidates.add(candidate);
        }
        for (int i = 0; i < candidates.size(); i++) {
            String leader = "candidate " + i;
            Talk.equal(leader, Talk.next(elected));
            LeaderElectionSupport last = candidates.get(candidates.size() - 1);
            // It asks a server that may be a moment behind.
            Talk.eventually(() -> leader.equals(last.getLeaderHostName()), "another leads");
            Talk.check(elected.isEmpty(), "two were elected");
            candidates.get(i).stop();
        }
    }

    private static void queue(List<ZooKeeper> clients) throws Exception {
        clients.get(0).create("/recipes/queue", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        DistributedQueue in = new DistributedQueue(clients.get(0), "/recipes/queue", null);
        DistributedQueue out = new DistributedQueue(clients.get(1), "/recipes/queue", null);
        BlockingQueue<Object> taken = new LinkedBlockingQueue<>();
        Thread taker = new Thread(() -> {
            try {
                for (int i = 0; i < 10; i++) taken.add(out.take()[0]);
            } catch (Exception e) {
                taken.add(e);
            }
        });
        taker.start();
        for (byte i = 0; i < 12; i++) in.offer(new byte[] {i});
        for (byte i = 0; i < 10; i++) Talk.equal(i, Talk.next(taken));
        taker.join();
        Talk.equal((byte) 10, in.peek()[0]);
        Talk.equal((byte) 10, in.remove()[0]);
        Talk.equal((byte) 11, in.poll()[0]);
        Talk.equal(null, in.poll());
    }
}
