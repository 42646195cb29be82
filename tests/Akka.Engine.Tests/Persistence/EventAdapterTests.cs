using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Akka.Engine.Tests.Persistence;

/// <summary>Events that are stored as something else than the actor sees.</summary>
public sealed class EventAdapterTests() : Akka.TestKit.Xunit2.TestKit(
    """
    akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    akka.persistence.journal.inmem {
      event-adapters.doubling = "Akka.Engine.Tests.Persistence.Doubling, Akka.Engine.Tests"
      event-adapter-bindings {
        "System.String, System.Private.CoreLib" = doubling
        "Akka.Engine.Tests.Persistence.Doubling+Stored, Akka.Engine.Tests" = doubling
      }
    }
    """)
{
    [Fact]
    public void An_event_is_adapted_on_its_way_in_and_out()
    {
        var ledger = Sys.ActorOf(Ledger.Props("ledger", TestActor));
        ExpectMsg(new Ledger.Recovered("", 0));
        ledger.Tell(new Ledger.Write("a"));
        ExpectMsg("commanded a");
        ExpectMsg("persisted a 1");
        Watch(ledger);
        Sys.Stop(ledger);
        ExpectTerminated(ledger);
        Sys.ActorOf(Ledger.Props("ledger", TestActor));
        ExpectMsg(new Ledger.Recovered("a,a", 1));
    }
}

/// <summary>Stores a string as a record and reads it twice.</summary>
public sealed class Doubling : IEventAdapter
{
    public string Manifest(object evt) => "";

    public object ToJournal(object evt) => new Stored((string)evt);

    public IEventSequence FromJournal(object evt, string manifest) =>
        EventSequence.Create(((Stored)evt).Text, ((Stored)evt).Text);

    public sealed record Stored(string Text);
}
