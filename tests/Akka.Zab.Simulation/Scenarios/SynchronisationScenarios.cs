using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Scripts;

namespace Akka.Zab.Simulation.Scenarios;

/// <summary>What went wrong while a follower was given its leader's history.</summary>
public class SynchronisationScenarios : Scenario
{
    /// <summary>
    /// ZOOKEEPER-4643. On NEWLEADER a follower wrote the new currentEpoch to its disk first, and the history that it
    /// had been sent after that. One that crashed in between had a late epoch and a short history. By its epoch it won
    /// the next election, and the others cut off what was committed to agree with it. Here the follower crashes when
    /// any number of the rows of that write is durable.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ZooKeeper_4643_a_follower_crashes_while_it_writes_history_and_epoch(int rowsKept)
    {
        Stage.Give(1, 1, 1, ["1.1", "1.2", "1.3"], committed: "1.3");
        Stage.Give(2, 1, 1, ["1.1"]);
        Stage.Give(3, 1, 1, ["1.1", "1.2", "1.3"], committed: "1.3");
        Stage.Start(2, 3);
        Stage.RunUntilJournalled(2, "1.2");

        Stage.Disk(2).Tear(rowsKept);
        Lose(2);
        Lose(3);
        Stage.Start(1, 2);
        Stage.Until(() => Stage.Leader is not null);

        Assert.True(Has(Stage.Leader!.Id, "/1.3"));
        AllIsWell();
        Assert.True(Has(2, "/1.3"));
    }

    /// <summary>
    /// ZOOKEEPER-4646. A follower acknowledged NEWLEADER while the transactions before it were still on their way to
    /// its disk. With that acknowledgement the leader took them for committed and showed them to clients. When the
    /// follower crashed and the leader was lost, nobody had them.
    /// </summary>
    [Fact]
    public void ZooKeeper_4646_nothing_is_acknowledged_or_shown_while_the_history_is_on_its_way_to_the_disk()
    {
        Stage.Give(1, 1, 1, ["1.1"]);
        Stage.Give(2, 1, 1, ["1.1"]);
        Stage.Give(3, 1, 1, ["1.1", "1.2"]);
        Stage.Start(1, 3);
        Stage.RunUntilJournalled(1, "1.2");

        // Everything but the disk of server 1 goes on.
        while (Stage.DeliverAll(1, 3) | Stage.DeliverAll(3, 1) | FlushAll(3))
        {
        }

        Assert.False(Stage.Server(3).Serves);
        Assert.Empty(Stage.AllCommitted);
        Lose(1);
        Lose(3);
        Stage.Start(1, 2);
        Stage.Until(() => Stage.Server(1).Serves && Stage.Server(2).Serves);
        AllIsWell();
        Assert.False(Has(1, "/1.2"));
    }

    /// <summary>
    /// ZOOKEEPER-3911. What a DIFF brought was only written to disk after UPTODATE. The leader, with a quorum of
    /// acknowledgements of NEWLEADER, served it to clients already. When all followers crashed at that moment and the
    /// leader did not come back, they elected one of themselves without it.
    /// </summary>
    [Fact]
    public void ZooKeeper_3911_followers_crash_at_UPTODATE_and_their_leader_is_lost()
    {
        Stage.Give(1, 1, 1, ["1.1"]);
        Stage.Give(2, 1, 1, ["1.1"]);
        Stage.Give(3, 1, 1, ["1.1", "1.2"]);
        Stage.Start(1, 2, 3);
        Stage.RunUntilSent(3, 1, "NEWLEADER");

        // The disks of the followers are slow: they write as little as it takes to get to UPTODATE.
        while (!IsUpToDate())
        {
            var some = FlushAll(3);
            foreach (var follower in new[] { 1, 2 })
                some |= Stage.DeliverAll(follower, 3) | (!IsUpToDate() && Stage.DeliverAll(3, follower));
            if (!some)
                Stage.Flush(1);
        }

        Assert.True(Stage.Server(3).Serves);
        Assert.True(Has(3, "/1.2"));
        Lose(3);
        Stage.Crash(1);
        Stage.Crash(2);
        AllIsWell(except: 3);
        Assert.True(Has(1, "/1.2") && Has(2, "/1.2"));
    }

    /// <summary>
    /// ZOOKEEPER-4785. The transactions before NEWLEADER were handed to the thread that writes the log, and the
    /// acknowledgement of NEWLEADER was sent by another, without waiting: a race that the acknowledgement could win.
    /// Here the disk takes one write after the other, and acknowledgements follow it in that order.
    /// </summary>
    [Fact]
    public void ZooKeeper_4785_acknowledgements_keep_the_order_of_the_journal()
    {
        Serve(2, 3);
        var client = Connect("a", 3);
        Create(client, "/x");
        Stage.Settle();
        Stage.Start(1);
        Stage.RunUntilSent(3, 1, "NEWLEADER");
        Create(client, "/y");
        Stage.DeliverAll(3, 1);

        Assert.Equal(1, Stage.Disk(1).Pending);
        Assert.Empty(Stage.Waiting(1, 3));
        Stage.Flush(1);
        Assert.IsType<AckNewLeader>(Assert.Single(Stage.Waiting(1, 3)));
        Stage.Flush(1);
        Assert.Equal(
            [typeof(AckNewLeader), typeof(Ack)], Stage.Waiting(1, 3).Select(message => message.GetType()));
        Assert.False(IsAcknowledged("/y"));
        AllIsWell();
        Assert.True(IsAcknowledged("/y"));
    }

    /// <summary>
    /// ZOOKEEPER-4394. While a follower was being synchronised it got a COMMIT for a proposal that it had got before
    /// NEWLEADER. It looked for it among the proposals since, found none, and stopped with a null pointer. Here a
    /// proposal is under way when the follower joins, is sent as history, and is committed before the follower has
    /// acknowledged anything.
    /// </summary>
    [Fact]
    public void ZooKeeper_4394_what_was_proposed_before_NEWLEADER_is_committed_before_UPTODATE()
    {
        Serve(2, 3);
        var client = Connect("a", 3);
        Stage.Start(1);
        Stage.RunUntilSent(1, 3, "ACKEPOCH");
        Create(client, "/x");
        Stage.DeliverAll(1, 3);
        Assert.Contains(Stage.Waiting(3, 1), message => message is SyncBatch && ScriptText.Of(message).Contains("/x"));

        Exchange(3, 2);
        Assert.True(IsAcknowledged("/x"));
        Create(client, "/y");
        Stage.DeliverAll(3, 1);
        Stage.Settle();

        Assert.True(Stage.Server(1).Serves);
        AllIsWell();
    }

    /// <summary>
    /// ZOOKEEPER-4925. What a follower committed during its synchronisation was applied, but left out of the list from
    /// which it would bring others up to date. When it became the leader, a stale server got a DIFF with a hole, and so
    /// never got what was in it.
    /// </summary>
    [Fact]
    public void ZooKeeper_4925_a_server_that_was_just_synchronised_leads_and_brings_another_up_to_date()
    {
        Stage = new Stage(voters: 5);
        Serve(1, 2, 3, 4, 5);
        var client = Connect("a", 5);
        Create(client, "/before");
        Stage.Settle();
        Lose(1);
        Lose(2);

        // Server 2 is being synchronised while the others commit.
        Stage.Start(2);
        Stage.RunUntilSent(5, 2, "NEWLEADER");
        foreach (var path in new[] { "/during-1", "/during-2", "/during-3" })
            Create(client, path);
        Exchange(5, 3, 4);
        Assert.True(IsAcknowledged("/during-3"));
        Stage.Settle();
        Assert.True(Stage.Server(2).Serves);

        // The last write is server 2's and not server 3's, so of those that are left server 2 will lead.
        Stage.Cut(5, 3);
        Create(client, "/after");
        Stage.Settle();
        Assert.True(IsAcknowledged("/after"));
        Lose(5);
        Lose(4);
        Stage.Start(1);
        Stage.Until(() => Stage.Server(2).Leads && Stage.Server(1).Serves && Stage.Server(3).Serves);

        Assert.Equal(Stage.Server(2).Tree.Digest(), Stage.Server(1).Tree.Digest());
        AllIsWell();
    }

    /// <summary>
    /// ZOOKEEPER-3642. A follower took its leader's snapshot into memory, and the leader was lost before it was
    /// complete or written. It joined the next leader with a zxid that was the snapshot's and a tree that was half one
    /// and half the other, and got a DIFF on top. Here the leader is lost at each step of a SNAP, and another leads.
    /// </summary>
    [Theory]
    [InlineData("SNAP arrived")]
    [InlineData("NEWLEADER arrived")]
    [InlineData("tree durable")]
    [InlineData("tree durable, then a crash")]
    [InlineData("all durable")]
    public void ZooKeeper_3642_a_snapshot_is_taken_as_a_whole_or_not_at_all(string when)
    {
        // The snapshot that server 1 has must not be missed when the new one is not in its journal yet.
        Stage = new Stage(new StageOptions { KeepSnapshots = 1 });
        Stage.Give(1, 1, 1, ["1.1", "1.2"], committed: "1.1", snapshot: "1.1");
        Stage.Give(2, 1, 1, ["1.1", "1.2", "1.3", "1.4", "1.5"], committed: "1.5", snapshot: "1.4");
        Stage.Give(3, 1, 1, ["1.1", "1.2", "1.3", "1.4", "1.5"], committed: "1.5", snapshot: "1.4");
        Serve(2, 3);
        Stage.Start(1);
        Stage.RunUntilSent(3, 1, "SNAP");
        Stage.Deliver<SyncSnapshot>(3, 1);
        if (when != "SNAP arrived")
            Stage.DeliverUntil(3, 1, "NEWLEADER");
        if (when.StartsWith("tree durable", StringComparison.Ordinal) || when == "all durable")
            Stage.Flush(1);
        if (when == "all durable")
            FlushAll(1);
        if (when.EndsWith("crash", StringComparison.Ordinal))
            Stage.Crash(1);

        Stage.LoseAll(3, 1);
        Lose(3);
        if (!Stage.Server(1).IsUp)
            Stage.Start(1);
        Stage.Until(() => Stage.Server(2).Leads && Stage.Server(1).Serves);

        Assert.Equal(Stage.Server(2).Tree.Digest(), Stage.Server(1).Tree.Digest());
        AllIsWell();
    }

    private bool IsUpToDate() => Stage.Waiting(3, 1).Any(message => message is UpToDate);
}
