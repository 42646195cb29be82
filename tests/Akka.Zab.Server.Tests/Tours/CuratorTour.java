import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;
import org.apache.curator.framework.recipes.nodes.GroupMember;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryForever;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.data.Stat;

/** Curator: its framework and its recipes. */
public final class CuratorTour {
    private static final int CLIENTS = 3;
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    public static void main(String[] arguments) throws Exception {
        List<CuratorFramework> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            CuratorFramework client = CuratorFrameworkFactory.builder().connectString(arguments[0])
                .sessionTimeoutMs(10_000).retryPolicy(new RetryForever(50)).namespace("curator").build();
            client.start();
            Talk.check(client.blockUntilConnected(30, TimeUnit.SECONDS), "not connected");
            clients.add(client);
        }
        framework(clients.get(0));
        locks(clients);
        elections(clients);
        barriers(clients);
        counters(clients);
        caches(clients);
        nodes(clients);
        queue(clients);
        reconnect(clients);
        clients.get(0).sync().forPath("/");
        clients.get(0).delete().guaranteed().deletingChildrenIfNeeded().forPath("/");
        for (CuratorFramework client : clients) client.close();
        System.out.println("tour done");
        System.exit(0);
    }

    private static void framework(CuratorFramework client) throws Exception {
        Talk.equal("/f/a/b", client.create().creatingParentContainersIfNeeded().forPath("/f/a/b", bytes("b")));
        Stat stat = new Stat();
        Talk.equal("b", new String(client.getData().storingStatIn(stat).forPath("/f/a/b"), UTF_8));
        client.setData().withVersion(stat.getVersion()).forPath("/f/a/b", bytes("c"));
        String hidden = client.create().withProtection().withMode(CreateMode.EPHEMERAL_SEQUENTIAL).forPath("/f/p-");
        Talk.check(hidden.startsWith("/f/_c_") && hidden.endsWith("p-0000000001"), hidden);
        Talk.equal(null, client.checkExists().forPath("/f/none"));
        Talk.equal("/f/or", client.create().orSetData().forPath("/f/or", bytes("1")));
        Talk.equal("/f/or", client.create().orSetData().forPath("/f/or", bytes("2")));
        List<CuratorTransactionResult> results = client.transaction().forOperations(
            client.transactionOp().check().forPath("/f/or"),
            client.transactionOp().create().forPath("/f/t", bytes("t")),
            client.transactionOp().setData().forPath("/f/or", bytes("3")),
            client.transactionOp().delete().forPath("/f/t"));
        Talk.equal("/f/t", results.get(1).getResultPath());
        BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
        client.create().inBackground((c, event) -> codes.add(event.getResultCode())).forPath("/f/background");
        Talk.equal(0, Talk.next(codes));
        client.delete().quietly().deletingChildrenIfNeeded().forPath("/f");
    }

    private static void locks(List<CuratorFramework> clients) throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger total = new AtomicInteger();
        all(clients, client -> {
            InterProcessMutex mutex = new InterProcessMutex(client, "/mutex");
            for (int i = 0; i < 10; i++) {
                mutex.acquire();
                mutex.acquire(); // it is reentrant
                Talk.equal(1, inside.incrementAndGet());
                total.incrementAndGet();
                inside.decrementAndGet();
                mutex.release();
                mutex.release();
            }
        });
        Talk.equal(10 * CLIENTS, total.get());

        InterProcessSemaphoreV2 semaphore = new InterProcessSemaphoreV2(clients.get(0), "/semaphore", 2);
        InterProcessSemaphoreV2 same = new InterProcessSemaphoreV2(clients.get(1), "/semaphore", 2);
        Lease one = semaphore.acquire();
        Lease two = same.acquire();
        Talk.equal(null, same.acquire(50, TimeUnit.MILLISECONDS));
        semaphore.returnLease(one);
        same.returnLease(same.acquire());
        same.returnLease(two);

        InterProcessReadWriteLock first = new InterProcessReadWriteLock(clients.get(0), "/rw");
        InterProcessReadWriteLock second = new InterProcessReadWriteLock(clients.get(1), "/rw");
        first.readLock().acquire();
        second.readLock().acquire();
        Talk.check(!second.writeLock().acquire(50, TimeUnit.MILLISECONDS), "a writer beside a reader");
        first.readLock().release();
        second.readLock().release();
        second.writeLock().acquire();
        Talk.check(!first.readLock().acquire(50, TimeUnit.MILLISECONDS), "a reader beside a writer");
        second.writeLock().release();
    }

    private static void elections(List<CuratorFramework> clients) throws Exception {
        List<LeaderLatch> latches = new ArrayList<>();
        for (CuratorFramework client : clients) {
            LeaderLatch latch = new LeaderLatch(client, "/latch", "latch " + latches.size());
            latch.start();
            latches.add(latch);
            // It starts in the background, and the next one might be in line before it.
            Talk.eventually(() -> latch.getParticipants().size() == latches.size(), "it does not take part");
        }
        Talk.check(latches.get(0).await(30, TimeUnit.SECONDS), "the first does not lead");
        Talk.equal("latch 0", latches.get(2).getLeader().getId());
        latches.get(0).close();
        Talk.check(latches.get(1).await(30, TimeUnit.SECONDS), "the second does not lead");
        latches.get(1).close();
        Talk.check(latches.get(2).await(30, TimeUnit.SECONDS), "the third does not lead");
        latches.get(2).close();

        BlockingQueue<Integer> leaders = new LinkedBlockingQueue<>();
        List<LeaderSelector> selectors = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            LeaderSelector selector = new LeaderSelector(clients.get(i), "/selector", new LeaderSelectorListenerAdapter() {
                @Override
                public void takeLeadership(CuratorFramework client) {
                    leaders.add(number);
                }
            });
            selector.start();
            selectors.add(selector);
        }
        Set<Integer> led = new HashSet<>();
        while (led.size() < CLIENTS) led.add(Talk.next(leaders));
        selectors.forEach(LeaderSelector::close);
    }

    private static void barriers(List<CuratorFramework> clients) throws Exception {
        DistributedBarrier barrier = new DistributedBarrier(clients.get(0), "/barrier");
        barrier.setBarrier();
        Future<Boolean> waiting = THREADS.submit(
            () -> new DistributedBarrier(clients.get(1), "/barrier").waitOnBarrier(30, TimeUnit.SECONDS));
        barrier.removeBarrier();
        Talk.equal(true, waiting.get());

        AtomicInteger entered = new AtomicInteger();
        all(clients, client -> {
            DistributedDoubleBarrier both = new DistributedDoubleBarrier(client, "/double", CLIENTS);
            entered.incrementAndGet();
            Talk.check(both.enter(30, TimeUnit.SECONDS), "nobody else enters");
            Talk.equal(CLIENTS, entered.get());
            Talk.check(both.leave(30, TimeUnit.SECONDS), "nobody else leaves");
        });
    }

    private static void counters(List<CuratorFramework> clients) throws Exception {
        all(clients, client -> {
            DistributedAtomicLong counter = new DistributedAtomicLong(client, "/counter", new RetryNTimes(1000, 5));
            for (int i = 0; i < 10; i++) Talk.check(counter.increment().succeeded(), "not counted");
        });
        clients.get(0).sync().forPath("/"); // the reads after it are not older than what the others have done
        Talk.equal(10L * CLIENTS,
            new DistributedAtomicLong(clients.get(0), "/counter", new RetryNTimes(1, 1)).get().postValue());

        SharedCount one = new SharedCount(clients.get(0), "/shared", 7);
        SharedCount two = new SharedCount(clients.get(1), "/shared", 7);
        one.start();
        two.start();
        one.setCount(8);
        Talk.eventually(() -> two.getCount() == 8, "the count did not come");
        Talk.check(two.trySetCount(two.getVersionedValue(), 9), "not set");
        Talk.eventually(() -> one.getCount() == 9, "the count did not come");
        one.close();
        two.close();
    }

    private static void caches(List<CuratorFramework> clients) throws Exception {
        CuratorFramework client = clients.get(0);
        client.create().creatingParentsIfNeeded().forPath("/cache/before", bytes("0"));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CountDownLatch ready = new CountDownLatch(1);
        // Built on a persistent recursive watch.
        CuratorCache cache = CuratorCache.build(clients.get(1), "/cache");
        cache.listenable().addListener(CuratorCacheListener.builder()
            .forCreates(node -> heard.add("+" + node.getPath()))
            .forChanges((before, after) -> heard.add("=" + after.getPath()))
            .forDeletes(node -> heard.add("-" + node.getPath()))
            .forInitialized(ready::countDown).build());
        cache.start();
        Talk.check(ready.await(30, TimeUnit.SECONDS), "the cache is not ready");
        Talk.equal(Set.of("+/cache", "+/cache/before"), Set.of(Talk.next(heard), Talk.next(heard)));
        client.create().forPath("/cache/a", bytes("1"));
        Talk.equal("+/cache/a", Talk.next(heard));
        client.setData().forPath("/cache/a", bytes("2"));
        Talk.equal("=/cache/a", Talk.next(heard));
        client.create().forPath("/cache/a/deep");
        Talk.equal("+/cache/a/deep", Talk.next(heard));
        client.delete().deletingChildrenIfNeeded().forPath("/cache/a");
        Talk.equal("-/cache/a/deep", Talk.next(heard));
        Talk.equal("-/cache/a", Talk.next(heard));
        Talk.equal(2, cache.size());
        cache.close();
    }

    private static void nodes(List<CuratorFramework> clients) throws Exception {
        PersistentNode node = new PersistentNode(clients.get(0), CreateMode.EPHEMERAL, false, "/node", bytes("n"));
        node.start();
        Talk.check(node.waitForInitialCreate(30, TimeUnit.SECONDS), "the node is not there");
        clients.get(1).delete().forPath("/node");
        Talk.eventually(() -> clients.get(1).checkExists().forPath("/node") != null, "the node did not come back");
        node.close();

        List<GroupMember> members = new ArrayList<>();
        for (CuratorFramework client : clients) {
            GroupMember member = new GroupMember(client, "/group", "member " + members.size());
            member.start();
            members.add(member);
        }
        for (GroupMember member : members)
            Talk.eventually(() -> member.getCurrentMembers().size() == CLIENTS, "somebody is missing");
        members.forEach(GroupMember::close);
    }

    private static void queue(List<CuratorFramework> clients) throws Exception {
        SimpleDistributedQueue in = new SimpleDistributedQueue(clients.get(0), "/queue");
        SimpleDistributedQueue out = new SimpleDistributedQueue(clients.get(1), "/queue");
        Future<byte[]> first = THREADS.submit(() -> out.take());
        for (byte i = 0; i < 5; i++) in.offer(new byte[] {i});
        Talk.equal((byte) 0, first.get()[0]);
        for (byte i = 1; i < 5; i++) Talk.equal(i, out.poll(30, TimeUnit.SECONDS)[0]);
        Talk.equal(null, out.poll());
    }

    /** The server of the one that leads is killed: it goes on with the same session, and leads again. */
    private static void reconnect(List<CuratorFramework> clients) throws Exception {
        CuratorFramework client = clients.get(0);
        BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();
        client.getConnectionStateListenable().addListener((c, state) -> states.add(state));
        LeaderLatch latch = new LeaderLatch(client, "/killed");
        latch.start();
        Talk.check(latch.await(30, TimeUnit.SECONDS), "it does not lead");
        CuratorCache cache = CuratorCache.build(client, "/kept");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CountDownLatch ready = new CountDownLatch(1);
        cache.listenable().addListener(CuratorCacheListener.builder()
            .forCreates(node -> heard.add(node.getPath())).forInitialized(ready::countDown).build());
        cache.start();
        Talk.check(ready.await(30, TimeUnit.SECONDS), "the cache is not ready");
        long session = client.getZookeeperClient().getZooKeeper().getSessionId();

        Talk.kill(Talk.portOf(client.getZookeeperClient().getZooKeeper()));
        Talk.equal(ConnectionState.SUSPENDED, Talk.next(states));
        Talk.equal(ConnectionState.RECONNECTED, Talk.next(states));
        Talk.equal(session, client.getZookeeperClient().getZooKeeper().getSessionId());
        Talk.check(latch.await(30, TimeUnit.SECONDS), "it does not lead again");
        clients.get(1).create().orSetData().forPath("/kept");
        Talk.equal("/kept", Talk.next(heard));
        latch.close();
        cache.close();
    }

    private interface Task {
        void run(CuratorFramework client) throws Exception;
    }

    private static void all(List<CuratorFramework> clients, Task task) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (CuratorFramework client : clients) {
            running.add(THREADS.submit(() -> {
                task.run(client);
                return null;
            }));
        }
        for (Future<?> each : running) each.get(60, TimeUnit.SECONDS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
