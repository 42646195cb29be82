using Akka.Zab.Sessions;

namespace Akka.Zab.Tests.Sessions;

public class ExpiryQueueTests
{
    private const int Tick = 100;

    [Fact]
    public void A_session_expires_after_more_than_its_timeout_and_at_most_a_tick_later()
    {
        for (var start = 0; start < Tick; start++)
        {
            var queue = new ExpiryQueue(Tick);
            queue.Track(7, 250, start);
            var expired = new List<long>();
            var now = start;
            while (expired.Count == 0) queue.Expire(++now, expired);
            Assert.InRange(now - start, 251, 250 + Tick);
            Assert.Equal(0, queue.Count);
        }
    }

    [Fact]
    public void A_touch_gives_the_full_time_again()
    {
        var queue = new ExpiryQueue(Tick);
        var expired = new List<long>();
        queue.Track(1, 200, 0);
        for (var now = 150; now <= 3000; now += 150)
        {
            queue.Touch(1, now);
            queue.Expire(now, expired);
        }
        Assert.Empty(expired);
        queue.Expire(3300, expired);
        Assert.Equal([1], expired);
    }

    [Fact]
    public void A_session_that_is_not_known_is_not_made_known_by_a_touch()
    {
        var queue = new ExpiryQueue(Tick);
        queue.Touch(1, 0);
        queue.Track(2, 200, 0);
        queue.Untrack(2);
        queue.Touch(2, 50);
        var expired = new List<long>();
        queue.Expire(100_000, expired);
        Assert.Empty(expired);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Whatever_happens_the_queue_expires_the_same_sessions_as_a_plain_list_of_deadlines()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var queue = new ExpiryQueue(Tick);
            var deadlines = new SortedDictionary<long, (int Timeout, long Due)>();
            var expired = new List<long>();
            var now = 0L;
            for (var step = 0; step < 300; step++)
            {
                now += random.Next(0, 60);
                var session = random.Next(1, 12);
                switch (random.Next(5))
                {
                    case 0:
                        var timeout = random.Next(1, 500);
                        queue.Track(session, timeout, now);
                        deadlines[session] = (timeout, Due(now, timeout));
                        break;
                    case 1:
                        queue.Untrack(session);
                        deadlines.Remove(session);
                        break;
                    case 2:
                    case 3:
                        queue.Touch(session, now);
                        if (deadlines.TryGetValue(session, out var known))
                            deadlines[session] = (known.Timeout, Due(now, known.Timeout));
                        break;
                    default:
                        queue.Expire(now, expired);
                        var due = deadlines.Where(d => d.Value.Due <= now).Select(d => d.Key).ToList();
                        foreach (var id in due) deadlines.Remove(id);
                        Assert.Equal(due, expired.Order());
                        expired.Clear();
                        break;
                }
                Assert.Equal(deadlines.Count, queue.Count);
            }
        }
    }

    private static long Due(long now, int timeout) => ((now + timeout) / Tick + 1) * Tick;
}
