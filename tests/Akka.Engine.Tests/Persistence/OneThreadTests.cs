using Akka.Actor;

namespace Akka.Engine.Tests.Persistence;

/// <summary>
/// Persistent actors on the calling thread and in virtual time, as a simulation runs them. (Akka.NET starts a plug-in
/// under a lock that its own constructor waits for, so there only the plug-ins need a thread of their own.)
/// </summary>
public sealed class OneThreadTests() : Akka.TestKit.Xunit2.TestKit(
    """
    akka.actor.default-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
    akka.actor.internal-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
    akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
    akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    """)
{
    [BundledFact]
    public void What_a_command_leads_to_has_happened_when_it_has_been_told()
    {
        var seen = new Recorder();
        var ledger = Sys.ActorOf(Ledger.Props("ledger", seen));
        ledger.Tell(new Ledger.Write("a"));
        ledger.Tell(new Ledger.WriteAsync("b"));
        ledger.Tell(new Ledger.WriteAll("c", "d"));
        Assert.Equal(
            [
                new Ledger.Recovered("", 0), "commanded a", "persisted a 1", "commanded b", "persisted b 2",
                "persisted c 3", "persisted d 4",
            ],
            seen.Messages);
        Sys.Stop(ledger);
        seen.Messages.Clear();
        Sys.ActorOf(Ledger.Props("ledger", seen));
        Assert.Equal([new Ledger.Recovered("a,b,c,d", 4)], seen.Messages);
    }

    sealed class Recorder : MinimalActorRef
    {
        public List<object> Messages { get; } = [];

        public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "recorder";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef? sender) => Messages.Add(message);
    }
}
