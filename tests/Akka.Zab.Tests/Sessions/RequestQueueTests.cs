using Akka.Zab.Client;
using Akka.Zab.Sessions;

namespace Akka.Zab.Tests.Sessions;

public class RequestQueueTests
{
    private readonly RequestQueue _queue = new(5);

    [Fact]
    public void Replies_leave_in_the_order_of_the_requests_whatever_the_order_of_the_results()
    {
        var ids = new[] { _queue.Add(10), _queue.Add(11), _queue.Add(12) };
        _queue.Complete(ids[2], 7, DoneReply.Instance);
        _queue.Complete(ids[1], 6, DoneReply.Instance);
        Assert.Empty(_queue.Take());
        _queue.Complete(ids[0], 5, DoneReply.Instance);
        Assert.Equal([10, 11, 12], Xids(_queue.Take()));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void A_result_of_another_connection_or_of_no_request_is_ignored()
    {
        var id = _queue.Add(1);
        Assert.False(_queue.Complete(id + 1, 1, DoneReply.Instance));
        Assert.False(_queue.Complete(id + (1L << 32), 1, DoneReply.Instance));
        Assert.True(_queue.Complete(id, 1, DoneReply.Instance));
        Assert.Single(_queue.Take());
        Assert.False(_queue.Complete(id, 1, DoneReply.Instance));
    }

    [Fact]
    public void The_zxid_of_a_reply_is_never_less_than_one_before_it()
    {
        var ids = new[] { _queue.Add(1), _queue.Add(2), _queue.Add(3) };
        _queue.Complete(ids[1], 4, DoneReply.Instance);
        _queue.Complete(ids[0], 9, DoneReply.Instance);
        _queue.Complete(ids[2], 0, DoneReply.Instance);
        Assert.Equal([9, 9, 9], _queue.Take().Select(o => o.Zxid));
    }

    [Fact]
    public void An_event_leaves_between_the_replies_as_it_came()
    {
        var ids = new[] { _queue.Add(1), _queue.Add(2) };
        _queue.Complete(ids[0], 1, DoneReply.Instance);
        _queue.Event(2, new WatchEvent(WatchEventType.NodeCreated, "/a", 2));
        _queue.Complete(ids[1], 2, DoneReply.Instance);
        Assert.Equal([1, -1, 2], Xids(_queue.Take()));
    }

    [Fact]
    public void An_event_leaves_at_once_although_a_request_waits()
    {
        _queue.Add(1);
        _queue.Event(2, new WatchEvent(WatchEventType.NodeCreated, "/a", 2));
        Assert.Equal([-1], Xids(_queue.Take()));
    }

    [Fact]
    public void An_event_does_not_overtake_the_reply_that_may_have_set_its_watch()
    {
        var ids = new[] { _queue.Add(1), _queue.Add(2), _queue.Add(3) };
        _queue.Complete(ids[1], 1, DoneReply.Instance);
        _queue.Event(2, new WatchEvent(WatchEventType.NodeDeleted, "/a", 2));
        Assert.Empty(_queue.Take());
        _queue.Complete(ids[0], 2, DoneReply.Instance);
        _queue.Complete(ids[2], 2, DoneReply.Instance);
        Assert.Equal([1, 2, -1, 3], Xids(_queue.Take()));
    }

    [Fact]
    public void Any_number_of_requests_in_any_order_of_results_comes_out_in_order()
    {
        var random = new Random(1);
        var open = new List<long>();
        var expected = 0;
        var next = 0;
        while (expected < 20_000)
        {
            if (random.Next(3) > 0 && open.Count < 100)
            {
                open.Add(_queue.Add(next++));
            }
            else if (open.Count > 0)
            {
                var at = random.Next(open.Count);
                Assert.True(_queue.Complete(open[at], 1, DoneReply.Instance));
                open.RemoveAt(at);
            }
            foreach (var output in _queue.Take()) Assert.Equal(expected++, output.Xid);
        }
    }

    private static IEnumerable<int> Xids(ClientOutput[] outputs) => outputs.Select(o => o.Xid);
}
