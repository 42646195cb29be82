using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace Akka.Engine.Tests.Persistence;

/// <summary>Persistent actors on a journal whose writes the tests hold in their hands.</summary>
public sealed class PersistentActorTests : Akka.TestKit.Xunit2.TestKit
{
    const string Configuration =
        $$"""
        akka.persistence.journal.plugin = "{{GatedJournal.Id}}"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        {{GatedJournal.Configuration}}
        """;

    readonly IActorRef _journal;
    readonly TestProbe _writes;

    public PersistentActorTests() : base(Configuration)
    {
        _journal = Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor(GatedJournal.Id);
        _writes = CreateTestProbe();
        _journal.Tell(new GatedJournal.Own(_writes));
    }

    [Fact]
    public void An_event_is_applied_when_it_is_durable_and_not_before()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.Write("a"));
        ExpectMsg("commanded a");
        _writes.ExpectMsg(new GatedJournal.Batch("a", 1));
        ExpectNoMsg(TimeSpan.Zero);
        EndWrite();
        ExpectMsg("persisted a 1");
    }

    [Fact]
    public void Commands_wait_while_an_event_is_persisted()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.Write("a"));
        ledger.Tell("x");
        ledger.Tell(new Ledger.Write("b"));
        ledger.Tell("y");
        ExpectMsg("commanded a");
        WriteEnds("a", 1);
        ExpectMsg("persisted a 1");
        ExpectMsg("told x");
        ExpectMsg("commanded b");
        WriteEnds("b", 1);
        ExpectMsg("persisted b 2");
        ExpectMsg("told y");
    }

    [Fact]
    public void Events_persisted_together_are_one_atomic_write()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.WriteAll("a", "b", "c"));
        ledger.Tell("x");
        WriteEnds("a,b,c", 1);
        ExpectMsg("persisted a 1");
        ExpectMsg("persisted b 2");
        ExpectMsg("persisted c 3");
        ExpectMsg("told x");
    }

    [Fact]
    public void PersistAsync_goes_on_with_commands_and_gathers_what_comes_during_a_write()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.WriteAsync("a"));
        ExpectMsg("commanded a");
        _writes.ExpectMsg(new GatedJournal.Batch("a", 1));
        ledger.Tell(new Ledger.WriteAsync("b"));
        ledger.Tell(new Ledger.WriteAsync("c"));
        ledger.Tell("x");
        ExpectMsg("commanded b");
        ExpectMsg("commanded c");
        ExpectMsg("told x");
        _writes.ExpectNoMsg(TimeSpan.Zero);
        EndWrite();
        ExpectMsg("persisted a 1");
        WriteEnds("b,c", 2);
        ExpectMsg("persisted b 2");
        ExpectMsg("persisted c 3");
    }

    [Fact]
    public void Pipelined_events_are_applied_in_the_order_of_their_commands()
    {
        var ledger = Start();
        for (var i = 1; i <= 500; i++)
            ledger.Tell(new Ledger.WriteAsync($"{i}"));
        for (var i = 1; i <= 500; i++)
            ExpectMsg($"commanded {i}");
        for (var applied = 0; applied < 500;)
        {
            var batch = _writes.ExpectMsg<GatedJournal.Batch>();
            EndWrite();
            for (var end = applied + batch.Writes; applied < end; applied++)
                ExpectMsg($"persisted {applied + 1} {applied + 1}");
        }
    }

    [Fact]
    public void PersistAllAsync_applies_each_event_and_stashes_nothing()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.WriteAllAsync("a", "b"));
        ledger.Tell("x");
        ExpectMsg("told x");
        WriteEnds("a,b", 1);
        ExpectMsg("persisted a 1");
        ExpectMsg("persisted b 2");
    }

    [Fact]
    public void A_handler_may_persist_and_commands_wait_for_that_too()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.WriteNested("a", "b"));
        ledger.Tell("x");
        WriteEnds("a", 1);
        ExpectMsg("persisted a 1");
        _writes.ExpectMsg(new GatedJournal.Batch("b", 1));
        ExpectNoMsg(TimeSpan.Zero);
        EndWrite();
        ExpectMsg("persisted b 2");
        ExpectMsg("told x");
    }

    [Fact]
    public void A_deferred_handler_runs_after_those_of_the_events_before_it()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.Defer("at once"));
        ExpectMsg("deferred at once");
        ledger.Tell(new Ledger.WriteAndDefer("a"));
        ledger.Tell(new Ledger.Defer("last"));
        WriteEnds("a", 1);
        ExpectMsg("persisted a 1");
        ExpectMsg("deferred a");
        ExpectMsg("deferred last");
    }

    [Fact]
    public void A_journal_answers_in_the_order_of_the_requests()
    {
        foreach (var name in (string[])["a", "b"])
        {
            _journal.Tell(new WriteMessages([new AtomicWrite(new Persistent(name, 1, name))], TestActor, 1));
            _writes.ExpectMsg(new GatedJournal.Batch(name, 1));
        }
        _journal.Tell(new GatedJournal.End(Newest: true));
        _journal.Tell(new GatedJournal.End(new IOException("no room")));
        Assert.Equal("no room", ExpectMsg<WriteMessagesFailed>().Cause.Message);
        Assert.Equal("a", ExpectMsg<WriteMessageFailure>().Persistent.Payload);
        ExpectMsg<WriteMessagesSuccessful>();
        Assert.Equal("b", ExpectMsg<WriteMessageSuccess>().Persistent.Payload);
    }

    [Fact]
    public void A_handler_sees_the_sender_of_its_command()
    {
        var ledger = Start();
        var client = CreateTestProbe();
        var other = CreateTestProbe();
        ledger.Tell(new Ledger.WriteAndReply("a"), client);
        ledger.Tell(new Ledger.WriteAndReply("b"), other);
        WriteEnds("a", 1);
        client.ExpectMsg("written a");
        WriteEnds("b", 1);
        other.ExpectMsg("written b");
        client.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void An_asynchronous_command_may_persist_after_its_await()
    {
        var ledger = Start();
        var condition = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ledger.Tell(new Ledger.WriteAfter(condition.Task, "a"));
        ledger.Tell("x");
        ExpectNoMsg(TimeSpan.Zero);
        condition.SetResult();
        WriteEnds("a", 1);
        ExpectMsg("persisted a 1");
        ExpectMsg("told x");
        ledger.Tell(new Ledger.WriteAfter(Task.CompletedTask, "b"));
        ledger.Tell("y");
        ledger.Tell("z");
        WriteEnds("b", 1);
        ExpectMsg("persisted b 2");
        ExpectMsg("told y");
        ExpectMsg("told z");
    }

    [Fact]
    public void What_the_user_unstashes_comes_before_commands_that_waited_for_a_persist()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.Hold());
        ExpectMsg("held");
        ledger.Tell(new Ledger.Release());
        ledger.Tell(new Ledger.Write("a"));
        ledger.Tell("x");
        ExpectMsg("released");
        ExpectMsg("commanded a");
        WriteEnds("a", 1);
        ExpectMsg("persisted a 1");
        ExpectMsg("told x");
    }

    [Fact]
    public void A_failed_write_stops_the_actor()
    {
        var ledger = Start();
        Watch(ledger);
        ledger.Tell(new Ledger.WriteAsync("a"));
        ExpectMsg("commanded a");
        _writes.ExpectMsg(new GatedJournal.Batch("a", 1));
        EndWrite(new IOException("no room"));
        ExpectMsg(new Ledger.Failed("persist a", 1, "no room"));
        ExpectTerminated(ledger);
    }

    [Fact]
    public void A_rejected_event_leaves_the_actor_running()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.Write("a"));
        ExpectMsg("commanded a");
        _writes.ExpectMsg(new GatedJournal.Batch("a", 1));
        EndWrite(new GatedJournal.Rejection());
        ExpectMsg(new Ledger.Failed("rejected a", 1, "not welcome"));
        ledger.Tell("x");
        ExpectMsg("told x");
    }

    [Fact]
    public async Task Persisting_during_recovery_is_refused()
    {
        var reason = new TaskCompletionSource<Exception>();
        Sys.ActorOf(Props.Create(() => new PersistsTooEarly(reason)));
        Assert.IsType<InvalidOperationException>(await reason.Task);
    }

    [Fact]
    public void A_restarted_actor_recovers_and_ignores_answers_to_its_former_self()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.WriteAsync("a"));
        ExpectMsg("commanded a");
        _writes.ExpectMsg(new GatedJournal.Batch("a", 1));
        ledger.Tell(new Ledger.Fail());
        ExpectMsg<Ledger.Recovered>();
        EndWrite();
        ledger.Tell("x");
        ExpectMsg("told x");
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Deleting_more_than_there_is_fails()
    {
        var ledger = Start();
        ledger.Tell(new Ledger.DeleteTo(5));
        Assert.Equal(5, ExpectMsg<DeleteMessagesFailure>().ToSequenceNr);
    }

    IActorRef Start()
    {
        var ledger = Sys.ActorOf(Ledger.Props("ledger", TestActor));
        ExpectMsg(new Ledger.Recovered("", 0));
        return ledger;
    }

    void EndWrite(Exception? failure = null) => _journal.Tell(new GatedJournal.End(failure));

    void WriteEnds(string events, int writes)
    {
        _writes.ExpectMsg(new GatedJournal.Batch(events, writes));
        EndWrite();
    }

    sealed class PersistsTooEarly(TaskCompletionSource<Exception> reason) : UntypedPersistentActor
    {
        public override string PersistenceId => "too early";

        protected override void PreStart()
        {
            try
            {
                Persist("a", _ => { });
            }
            catch (Exception e)
            {
                reason.SetResult(e);
            }
        }

        protected override void OnCommand(object message)
        {
        }

        protected override void OnRecover(object message)
        {
        }
    }
}
