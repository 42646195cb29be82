import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;

/** What the Java tours have in common: checks, and the test that started them, which kills servers for them. */
final class Talk {
    static final long PATIENCE_S = 30;
    private static final BufferedReader ANSWERS = new BufferedReader(new InputStreamReader(System.in));

    static void check(boolean holds, Object what) {
        if (!holds) throw new AssertionError(String.valueOf(what));
    }

    static void equal(Object expected, Object actual) {
        check(expected == null ? actual == null : expected.equals(actual), "expected " + expected + ", not " + actual);
    }

    static void fails(KeeperException.Code code, Callable<?> call) throws Exception {
        try {
            call.call();
        } catch (KeeperException e) {
            equal(code, e.code());
            return;
        }
        throw new AssertionError(code + " was not thrown");
    }

    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_S, TimeUnit.SECONDS);
        check(next != null, "nothing came");
        return next;
    }

    static void eventually(Callable<Boolean> condition, Object what) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!condition.call()) {
            check(System.nanoTime() < end, what);
            Thread.sleep(10);
        }
    }

    /** Until it is done: where the server that was killed led, the others serve nobody for a moment. */
    static <T> T surely(Callable<T> call) throws Exception {
        while (true) {
            try {
                return call.call();
            } catch (KeeperException.ConnectionLossException e) {
                Thread.sleep(20);
            }
        }
    }

    /** The port of the server that a client is connected to. */
    static int portOf(ZooKeeper client) {
        Matcher matcher = Pattern.compile("remoteserver:[^ ]*:(\\d+)").matcher(client.toString());
        check(matcher.find(), client);
        return Integer.parseInt(matcher.group(1));
    }

    /** Has the server killed; comes back when it is. */
    static void kill(int port) throws Exception {
        System.out.println("kill " + port);
        equal("killed", ANSWERS.readLine());
    }

    private Talk() {
    }
}
