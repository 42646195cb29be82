using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Tests;

/// <summary>What a double barrier asks the servers, and in which order.</summary>
public class DoubleBarrierTests : ClientTestKit
{
    private const string Inside = "/d/inside/";
    private string _mine = "";

    [Fact]
    public async Task Nobody_begins_unless_all_are_still_there_at_that_moment()
    {
        var entering = new ZabDoubleBarrier(await Connect(), "/d", 2).EnterAsync();
        Join();
        Look(isOpen: false, _mine, "b-2-0000000001");
        // Whoever is counted is marked, in the transaction that opens the door.
        var request = Sent();
        var operations = Assert.IsType<Multi>(request.Operation).Operations;
        Assert.Equal(
            [Inside + _mine, Inside + "b-2-0000000001"],
            operations.Take(2).Select(operation => Assert.IsType<SetData>(operation).Path));
        Assert.Equal("/d/ready", Assert.IsType<Create>(operations[2]).Path);
        Answer([request], Refused(ZabError.NoNode));

        // The other one has withdrawn.
        Look(isOpen: false, _mine);
        Assert.False(entering.IsCompleted);
        Open();
        Look(isOpen: true);
        await entering;
    }

    [Fact]
    public async Task Who_gives_up_when_all_are_there_has_entered()
    {
        using var impatience = new CancellationTokenSource();
        var barrier = new ZabDoubleBarrier(await Connect(), "/d", 2);
        var entering = barrier.EnterAsync(impatience.Token);
        Join();
        Look(isOpen: false, _mine);
        await impatience.CancelAsync();
        ExpectWithdrawal(new ErrorReply(ZabError.BadVersion));
        // Its own server may not show it yet.
        Look(isOpen: false, _mine, "b-2-0000000001");
        Answer(Receive(1), Refused(ZabError.NodeExists));
        Look(isOpen: true);
        await entering;
        await Assert.ThrowsAsync<InvalidOperationException>(() => barrier.EnterAsync());
    }

    [Fact]
    public async Task Who_gives_up_before_all_are_there_has_withdrawn_and_may_come_again()
    {
        using var impatience = new CancellationTokenSource();
        var barrier = new ZabDoubleBarrier(await Connect(), "/d", 2);
        var entering = barrier.EnterAsync(impatience.Token);
        var joining = Receive(1);
        await impatience.CancelAsync();
        Assert.False(entering.IsCompleted); // its ticket may be counted until it is taken back
        Joined(joining);
        ExpectWithdrawal(new ErrorReply(ZabError.ConnectionLoss));
        ExpectWithdrawal(new ErrorReply(ZabError.NoNode));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => entering);
        var again = barrier.EnterAsync();
        Join();
        Look(isOpen: true);
        await again;
    }

    [Fact]
    public async Task Who_gives_up_and_cannot_know_any_more_whether_it_was_counted_is_told_so()
    {
        using var impatience = new CancellationTokenSource();
        var zab = await Connect();
        var entering = new ZabDoubleBarrier(zab, "/d", 2).EnterAsync(impatience.Token);
        Join();
        Look(isOpen: false, _mine);
        await impatience.CancelAsync();
        Receive(1);
        zab.Abandon();
        await Assert.ThrowsAsync<SessionExpiredException>(() => entering);
    }

    [Fact]
    public async Task A_party_that_comes_again_under_its_name_is_counted_once()
    {
        var zab = await Connect();
        var entering = new ZabDoubleBarrier(zab, "/d", 2, "node-1").EnterAsync();
        Join();
        // The znode of the process before it goes when that one's session does.
        Look(isOpen: false, _mine.Replace("-0000000000", "0-0000000001", StringComparison.Ordinal), _mine);
        Assert.False(entering.IsCompleted);
        var other = new ZabDoubleBarrier(zab, "/d", 2, "node%2D1").EnterAsync();
        var first = _mine;
        Join();
        Look(isOpen: false, first, _mine);
        var opening = Receive(1);
        Assert.Equal(3, Assert.IsType<Multi>(opening[0].Operation).Operations.Count);
        Answer(opening, new MultiReply([]));
        Look(isOpen: true);
        await other;
        Open();
        Look(isOpen: true);
        await entering;
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        var zab = await Connect();
        Assert.Throws<ArgumentException>(() => new ZabDoubleBarrier(zab, "/d", 2, name));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZabDoubleBarrier(zab, "/d", 0));
    }

    private static MultiReply Refused(ZabError error) => new([new ErrorReply(error)], error);

    private void Join() => Joined(Receive(1));

    private void Joined(List<NumberedRequest> joining)
    {
        var create = Assert.IsType<Create>(joining[0].Operation);
        _mine = create.Path[Inside.Length..] + "0000000000";
        Answer(joining, new CreatedReply(Inside + _mine, default));
    }

    private void Look(bool isOpen, params string[] inside)
    {
        var looking = Receive(1);
        Assert.Equal("/d/ready", Assert.IsType<Exists>(looking[0].Operation).Path);
        Answer(looking, isOpen ? new StatReply(default) : new ErrorReply(ZabError.NoNode));
        if (isOpen) return;
        var reading = Receive(1);
        Assert.IsType<GetChildren>(reading[0].Operation);
        Answer(reading, new ChildrenReply([.. inside], default));
    }

    private void Open() => ToClient(new ClientOutputs([
        new ClientOutput(-1, 5, new WatchEvent(WatchEventType.NodeCreated, "/d/ready", 5))]));

    private void ExpectWithdrawal(Reply reply)
    {
        var leaving = Receive(1);
        var delete = Assert.IsType<Delete>(leaving[0].Operation);
        // Who is counted has another version.
        Assert.Equal((Inside + _mine, 0), (delete.Path, delete.Version));
        Answer(leaving, reply);
    }
}
