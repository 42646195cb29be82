using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Zab.Simulation.Worlds;
using IRunnable = Akka.Dispatch.IRunnable;

namespace Akka.Zab.Simulation.Machines;

/// <summary>
/// What one server runs on: an actor system of its own, in virtual time and on the thread of its world. Its actors take
/// up one message after the other, a few microseconds apart, in an order that the seed chooses as far as the mailboxes
/// leave a choice. A machine can be paused, and its wall clock can be set; its monotonic clock cannot. Actor systems
/// are costly to make, so a machine serves one world after the other.
/// </summary>
internal sealed class Machine
{
    private const string Settings = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          scheduler.implementation = "Akka.Zab.Simulation.Machines.SimulatedScheduler, Akka.Zab.Simulation"
          actor {
            default-dispatcher.type =
              "Akka.Zab.Simulation.Machines.SimulatedDispatcherConfigurator, Akka.Zab.Simulation"
            internal-dispatcher.type =
              "Akka.Zab.Simulation.Machines.SimulatedDispatcherConfigurator, Akka.Zab.Simulation"
            guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy"
            serializers.zab-history = "Akka.Zab.History.HistorySerializer, Akka.Zab"
            serialization-bindings {
              "Akka.Zab.History.HistoryEvent, Akka.Zab" = zab-history
              "Akka.Zab.History.SnapshotPart, Akka.Zab" = zab-history
            }
          }
          zab.journal {
            class = "Akka.Zab.Simulation.Disks.SimulatedJournal, Akka.Zab.Simulation"
            plugin-dispatcher = "akka.actor.default-dispatcher"
            recovery-event-timeout = 300s
          }
          zab.snapshots {
            class = "Akka.Zab.Simulation.Disks.SimulatedSnapshots, Akka.Zab.Simulation"
            plugin-dispatcher = "akka.actor.default-dispatcher"
          }
        }
        """;

    /// <summary>The wall clock of every machine when a world begins.</summary>
    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Stack<Machine> Idle = [];

    private readonly List<IRunnable> ready = [];
    private readonly List<Action> missed = [];
    private World? world;
    private bool turnIsDue;
    private bool isInTurn;

    private Machine()
    {
        BeingMade = this;
        try
        {
            System = ActorSystem.Create("zab", ConfigurationFactory.ParseString(Settings));
        }
        finally
        {
            BeingMade = null;
        }

        // What the engine starts when it is first needed is there before any world, so that the first one that runs
        // here is like every other.
        System.Stop(System.ActorOf(Props.Create(() => new FirstActor())));
    }

    /// <summary>The machine whose actor system is being made on this thread.</summary>
    [field: ThreadStatic]
    internal static Machine? BeingMade { get; private set; }

    public ActorSystem System { get; }

    /// <summary>The server that runs here.</summary>
    public Server? Server { get; private set; }

    /// <summary>Time that only goes forward.</summary>
    public TimeSpan Monotonic => TimeSpan.FromMicroseconds(world?.Now ?? 0);

    /// <summary>Added to the wall clock.</summary>
    public TimeSpan ClockError { get; set; }

    public DateTimeOffset WallClock => Beginning + Monotonic + ClockError;

    /// <summary>Whether nothing happens here at the moment, as in a machine that is stopped and will go on.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>A machine for a server of a world.</summary>
    public static Machine Take(World world, Server server)
    {
        Machine? machine;
        lock (Idle)
            Idle.TryPop(out machine);
        machine ??= new Machine();
        machine.world = world;
        machine.Server = server;
        return machine;
    }

    /// <summary>The world has ended: every actor that it started stops, and the machine is there for another.</summary>
    public void GiveBack(IActorRef? root)
    {
        world = null;
        IsPaused = false;
        missed.Clear();
        turnIsDue = false;
        ClockError = TimeSpan.Zero;
        if (root is not null)
            System.Stop(root);
        Drain();
        lock (Idle)
            Idle.Push(this);
    }

    /// <summary>The process that runs here is gone: its actors stop, and get to do nothing else before that.</summary>
    public void EndProcess(IActorRef root)
    {
        // A turn that was missed is not taken up again.
        turnIsDue &= !IsPaused;
        IsPaused = false;
        missed.Clear();
        System.Stop(root);
        if (!isInTurn)
            Drain();
    }

    /// <summary>A mailbox has a message.</summary>
    public void Ready(IRunnable mailbox)
    {
        // While the actor system is being made there is nobody who would give it turns.
        if (world is null)
        {
            mailbox.Run();
            return;
        }

        ready.Add(mailbox);
        if (!turnIsDue)
        {
            turnIsDue = true;
            ScheduleTurn();
        }
    }

    /// <summary>Something that happens here, unless it is cancelled; later if the machine is paused then.</summary>
    public void Schedule(TimeSpan delay, Action action, ICancelable? cancelable)
    {
        world?.After((long)delay.TotalMicroseconds, () =>
        {
            if (cancelable is { IsCancellationRequested: true })
                return;
            WhenAwake(action);
        });
    }

    /// <summary>At once, or when the pause is over.</summary>
    public void WhenAwake(Action action)
    {
        if (IsPaused)
            missed.Add(action);
        else
            action();
    }

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        var late = missed.ToArray();
        missed.Clear();
        foreach (var action in late)
            action();
    }

    private void ScheduleTurn() => world!.After(world.Chance.Next(1, 12), Turn);

    private void Turn()
    {
        if (IsPaused)
        {
            missed.Add(Turn);
            return;
        }

        turnIsDue = false;
        if (ready.Count == 0)
            return;
        var index = ready.Count == 1 ? 0 : world!.Chance.Next(ready.Count);
        var mailbox = ready[index];
        ready[index] = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        turnIsDue = ready.Count > 0;
        if (turnIsDue)
            ScheduleTurn();
        isInTurn = true;
        mailbox.Run();
        isInTurn = false;
        if (Server!.IsUp)
            world!.AfterTurn(Server);
        else
            Drain();
    }

    private void Drain()
    {
        while (ready.Count > 0)
        {
            var mailbox = ready[^1];
            ready.RemoveAt(ready.Count - 1);
            mailbox.Run();
        }
    }

    private sealed class FirstActor : UntypedPersistentActor
    {
        public FirstActor()
        {
            JournalPluginId = "akka.zab.journal";
            SnapshotPluginId = "akka.zab.snapshots";
        }

        public override string PersistenceId => "first";

        public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

        protected override void OnRecover(object message)
        {
        }

        protected override void OnCommand(object message)
        {
        }
    }
}
