using Akka.Actor;
using Akka.Engine.Tests.Persistence.Sql;
using Akka.Persistence;

namespace Akka.Engine.Tests.Persistence;

/// <summary>What an actor finds again, the same on every journal and snapshot store.</summary>
public abstract class RecoveryTests : Akka.TestKit.Xunit2.TestKit
{
    protected RecoveryTests(string configuration) : base(configuration)
    {
    }

    [StoreFact]
    public void An_actor_finds_its_own_events_in_order()
    {
        var other = Start("other");
        WriteAll(other, 1, 3);
        var ledger = Start("own");
        WriteAll(ledger, 1, 1200);
        Stop(ledger);
        Start("own", entries: Numbers(1, 1200), sequenceNr: 1200);
    }

    [StoreFact]
    public void An_actor_goes_on_with_the_next_sequence_number()
    {
        var ledger = Start();
        WriteAll(ledger, 1, 3);
        Stop(ledger);
        ledger = Start(entries: "1,2,3", sequenceNr: 3);
        ledger.Tell(new Ledger.WriteAll("4", "5"));
        ExpectMsg("persisted 4 4");
        ExpectMsg("persisted 5 5");
        Stop(ledger);
        Start(entries: "1,2,3,4,5", sequenceNr: 5);
    }

    [StoreFact]
    public void A_snapshot_comes_first_and_then_the_events_after_it()
    {
        var ledger = Start();
        WriteAll(ledger, 1, 3);
        TakeSnapshot(ledger, 3);
        WriteAll(ledger, 4, 5);
        Stop(ledger);
        ledger = Start(entries: "1,2,3,4,5", sequenceNr: 5);
        ledger.Tell(new Ledger.DeleteTo(3));
        ExpectMsg(new DeleteMessagesSuccess(3));
        Stop(ledger);
        Start(entries: "1,2,3,4,5", sequenceNr: 5);
    }

    [StoreFact]
    public void Deleted_events_are_gone_and_their_numbers_are_not_used_again()
    {
        var ledger = Start();
        WriteAll(ledger, 1, 700);
        ledger.Tell(new Ledger.DeleteTo(690));
        ExpectMsg(new DeleteMessagesSuccess(690));
        Stop(ledger);
        ledger = Start(entries: Numbers(691, 700), sequenceNr: 700);
        ledger.Tell(new Ledger.DeleteTo(long.MaxValue));
        ExpectMsg(new DeleteMessagesSuccess(700));
        Stop(ledger);
        ledger = Start(entries: "", sequenceNr: 700);
        WriteAll(ledger, 701, 701);
    }

    [StoreFact]
    public void A_recovery_can_end_before_the_last_event()
    {
        var ledger = Start();
        WriteAll(ledger, 1, 3);
        TakeSnapshot(ledger, 3);
        WriteAll(ledger, 4, 6);
        TakeSnapshot(ledger, 6);
        Stop(ledger);
        ledger = Start(
            entries: "1,2,3,4,5", sequenceNr: 6,
            options: new(Recovery: new Recovery(SnapshotSelectionCriteria.Latest, toSequenceNr: 5)));
        Stop(ledger);
        Start(
            entries: "1,2", sequenceNr: 6,
            options: new(Recovery: new Recovery(SnapshotSelectionCriteria.None, long.MaxValue, replayMax: 2)));
    }

    [StoreFact]
    public void Without_recovery_an_actor_still_learns_its_sequence_number()
    {
        var ledger = Start();
        WriteAll(ledger, 1, 3);
        Stop(ledger);
        Start(entries: "", sequenceNr: 3, options: new(Recovery: Recovery.None));
    }

    [StoreFact]
    public void Deleted_snapshots_are_not_offered()
    {
        var ledger = Start();
        WriteAll(ledger, 1, 1);
        TakeSnapshot(ledger, 1);
        WriteAll(ledger, 2, 2);
        TakeSnapshot(ledger, 2);
        WriteAll(ledger, 3, 3);
        ledger.Tell(new Ledger.DeleteSnapshotsTo(1));
        ExpectMsg<DeleteSnapshotsSuccess>();
        ledger.Tell(new Ledger.DeleteTo(2));
        ExpectMsg<DeleteMessagesSuccess>();
        Stop(ledger);
        ledger = Start(entries: "1,2,3", sequenceNr: 3);
        ledger.Tell(new Ledger.DeleteSnapshotsTo(2));
        ExpectMsg<DeleteSnapshotsSuccess>();
        Stop(ledger);
        Start(entries: "3", sequenceNr: 3);
    }

    [StoreFact]
    public void An_exception_while_recovering_stops_the_actor()
    {
        var ledger = Start();
        WriteAll(ledger, 1, 3);
        Stop(ledger);
        ledger = Sys.ActorOf(Ledger.Props("ledger", TestActor, new(FailOn: "2")));
        Watch(ledger);
        ExpectMsg(new Ledger.Failed("recovery 2", 2, "2"));
        ExpectTerminated(ledger);
    }

    [StoreFact]
    public void More_actors_recover_than_may_at_once()
    {
        for (var i = 0; i < 120; i++)
            Sys.ActorOf(Ledger.Props($"many {i}", TestActor));
        for (var i = 0; i < 120; i++)
            ExpectMsg(new Ledger.Recovered("", 0));
    }

    protected static string Numbers(int from, int to) => string.Join(",", Enumerable.Range(from, to - from + 1));

    protected IActorRef Start(
        string id = "ledger", string entries = "", long sequenceNr = 0, Ledger.Options? options = null)
    {
        var ledger = Sys.ActorOf(Ledger.Props(id, TestActor, options));
        ExpectMsg(new Ledger.Recovered(entries, sequenceNr));
        return ledger;
    }

    protected void WriteAll(IActorRef ledger, int from, int to)
    {
        for (var i = from; i <= to; i++)
            ledger.Tell(new Ledger.WriteAsync($"{i}"));
        var answers = ReceiveN(2 * (to - from + 1)).Cast<string>().Where(a => a.StartsWith("persisted")).ToArray();
        Assert.Equal(Enumerable.Range(from, to - from + 1).Select(i => $"persisted {i} {i}"), answers);
    }

    protected void Stop(IActorRef ledger)
    {
        Watch(ledger);
        Sys.Stop(ledger);
        ExpectTerminated(ledger);
    }

    void TakeSnapshot(IActorRef ledger, long sequenceNr)
    {
        ledger.Tell(new Ledger.TakeSnapshot());
        Assert.Equal(sequenceNr, ExpectMsg<SaveSnapshotSuccess>().Metadata.SequenceNr);
    }
}

public sealed class MemoryRecoveryTests() : RecoveryTests(
    """
    akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    """);
