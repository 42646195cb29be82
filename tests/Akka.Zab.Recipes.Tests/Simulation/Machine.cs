using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>The actor system of all simulated clients: in the virtual time of the world that runs.</summary>
internal static class Machine
{
    private const string Settings = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          scheduler.implementation =
            "Akka.Zab.Recipes.Tests.Simulation.VirtualScheduler, Akka.Zab.Recipes.Tests"
          actor {
            default-dispatcher.type =
              "Akka.Zab.Recipes.Tests.Simulation.OrderedDispatcherConfigurator, Akka.Zab.Recipes.Tests"
            internal-dispatcher.type =
              "Akka.Zab.Recipes.Tests.Simulation.OrderedDispatcherConfigurator, Akka.Zab.Recipes.Tests"
          }
        }
        """;

    private static readonly Lazy<ActorSystem> Made = new(
        static () => ActorSystem.Create("sim", ConfigurationFactory.ParseString(Settings)));

    public static ActorSystem System => Made.Value;

    public static void Start() => _ = Made.Value;
}

/// <summary>Makes the dispatcher of a section.</summary>
public sealed class OrderedDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly OrderedDispatcher _dispatcher;

    public OrderedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) =>
        _dispatcher = new OrderedDispatcher(this);

    public override MessageDispatcher Dispatcher() => _dispatcher;
}

/// <summary>Puts every mailbox at the end of the thread pool's queue.</summary>
public sealed class OrderedDispatcher : MessageDispatcher
{
    public OrderedDispatcher(MessageDispatcherConfigurator configurator)
        : base(configurator)
    {
        Throughput = 1;
        ThroughputDeadlineTime = null;
    }

    protected override void ExecuteTask(IRunnable run) =>
        ThreadPool.UnsafeQueueUserWorkItem(static mailbox => mailbox.Run(), run, preferLocal: false);

    protected override void Shutdown()
    {
    }
}

/// <summary>Schedules in virtual time.</summary>
public sealed class VirtualScheduler(Config config, ILoggingAdapter log) : SchedulerBase(config, log)
{
    public override TimeSpan MonotonicClock => TimeSpan.FromMicroseconds(World.Current?.Now ?? 0);

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override DateTimeOffset TimeNow => DateTimeOffset.UnixEpoch + MonotonicClock;

    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Schedule(delay, () => receiver.Tell(message, sender), cancelable, Process.Of(receiver));

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender,
        ICancelable? cancelable) =>
        Repeat(initialDelay, interval, () => receiver.Tell(message, sender), cancelable, Process.Of(receiver));

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Schedule(delay, action, cancelable, null);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Schedule(delay, action.Run, cancelable, null);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, action, cancelable, null);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, action.Run, cancelable, null);

    private static void Schedule(TimeSpan delay, Action action, ICancelable? cancelable, Process? owner) =>
        World.Current?.After(World.Micros(delay), () =>
        {
            if (cancelable is not { IsCancellationRequested: true }) action();
        }, owner);

    private static void Repeat(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable, Process? owner)
    {
        Schedule(initialDelay, Run, cancelable, owner);

        void Run()
        {
            action();
            Schedule(interval, Run, cancelable, owner);
        }
    }
}

/// <summary>An actor elsewhere, as far as the clients can tell.</summary>
internal sealed class DistantRef(string server, string name, IActorRefProvider provider, Action<object, IActorRef> told)
    : MinimalActorRef
{
    public override ActorPath Path { get; } =
        new RootActorPath(new Address("akka.tcp", "sim", server, 1)) / "user" / name;

    public override IActorRefProvider Provider => provider;

    protected override void TellInternal(object message, IActorRef? sender) => told(message, sender!);
}
