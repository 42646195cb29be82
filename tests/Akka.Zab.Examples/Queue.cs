namespace Akka.Zab.Examples;

/// <summary>Work for many workers: none is lost when a worker dies.</summary>
public class Queue(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task First_come_first_served(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var mails = new ZabQueue(zab, "/queues/mails");
        await mails.EnqueueAsync(Bytes("first"), cancellation: Stop);
        await mails.EnqueueAsync(Bytes("second"), cancellation: Stop);

        Assert.Equal("first", await WorkAsync(mails));
        Assert.Equal("second", await WorkAsync(mails));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task The_urgent_first(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var mails = new ZabQueue(zab, "/queues/mails");
        await mails.EnqueueAsync(Bytes("newsletter"), priority: 900, cancellation: Stop);
        await mails.EnqueueAsync(Bytes("password"), priority: 1, cancellation: Stop);

        Assert.Equal("password", await WorkAsync(mails));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Not_before_its_time(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var mails = new ZabQueue(zab, "/queues/mails");
        await mails.EnqueueAsync(Bytes("reminder"), delay: TimeSpan.FromMilliseconds(200), cancellation: Stop);
        await mails.EnqueueAsync(Bytes("receipt"), delay: TimeSpan.FromMilliseconds(1), cancellation: Stop);

        await WorkAsync(mails);
        await WorkAsync(mails); // waits for what is due last
        Assert.Equal(0, await mails.CountAsync(Stop));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task What_is_not_acknowledged_comes_back(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var mails = new ZabQueue(zab, "/queues/mails");
        await mails.EnqueueAsync(Bytes("letter"), cancellation: Stop);

        await using (var failed = await mails.TakeAsync(Stop))
        {
            // An exception here, or the death of this process, and another gets it.
        }

        Assert.Equal("letter", await WorkAsync(mails));
    }

    private async Task<string> WorkAsync(ZabQueue queue)
    {
        await using var item = await queue.TakeAsync(Stop);
        var text = Text(item.Data); // here: the work; item.Lost says when another may have it
        await item.AcknowledgeAsync();
        return text;
    }
}
