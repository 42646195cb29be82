using System.Runtime.InteropServices;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Ends an actor system in order: phase after phase, the tasks of one phase at the same time. A phase begins when those
/// that it depends on are done, or their time is up.
/// </summary>
public class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    readonly ShutdownPhases _phases;
    readonly Dictionary<string, List<(string Name, Func<Task<Done>> Run)>> _tasks = [];
    readonly TaskCompletionSource<Done> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _lock = new();
    readonly ILoggingAdapter _log;
    Reason? _reason;

    internal CoordinatedShutdown(ExtendedActorSystem system)
    {
        System = system;
        _log = Logging.GetLogger(system, typeof(CoordinatedShutdown));
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown");
        _phases = ShutdownPhases.FromConfig(config);
        AddTerminationOfSystem(config);
        if (config.GetBoolean("run-by-clr-shutdown-hook", true))
            HookProcessExit();
    }

    public ExtendedActorSystem System { get; }

    /// <summary>Why the shutdown runs; null as long as it does not.</summary>
    public Reason? ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>The sum of what the phases that have tasks may take.</summary>
    public TimeSpan TotalTimeout
    {
        get
        {
            lock (_lock)
                return _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));
        }
    }

    internal IReadOnlyList<string> OrderedPhases => _phases.Ordered;

    public static CoordinatedShutdown Get(ActorSystem sys) => new CoordinatedShutdownExtension().Get(sys);

    /// <summary>How long a phase waits for its tasks.</summary>
    public TimeSpan Timeout(string phase) =>
        _phases.Find(phase)?.Timeout ?? throw new ArgumentException(Unknown(phase), nameof(phase));

    /// <summary>Adds a task to a phase. Added after its phase has begun, it may never run.</summary>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (_phases.Find(phase) is null)
            throw new ConfigurationException(Unknown(phase));
        lock (_lock)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
                _tasks[phase] = tasks = [];
            tasks.Add((taskName, task));
        }
    }

    /// <summary>Runs the shutdown, once: whoever calls again awaits the same end.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="fromPhase">The phase to begin with; the first unless given.</param>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        if (fromPhase is not null && _phases.Find(fromPhase) is null)
            throw new ArgumentException(Unknown(fromPhase), nameof(fromPhase));
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _ = Task.Run(() => RunPhases(fromPhase));
        return _done.Task;
    }

    async Task RunPhases(string? fromPhase)
    {
        try
        {
            _log.Debug("CoordinatedShutdown runs because of {0}", _reason!.GetType().Name);
            foreach (var phase in _phases.Ordered.SkipWhile(p => fromPhase is not null && p != fromPhase))
                if (_phases.Find(phase) is { Enabled: true } definition)
                    await RunPhase(phase, definition).ConfigureAwait(false);
            _done.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }

    async Task RunPhase(string name, ShutdownPhases.Phase phase)
    {
        (string Name, Func<Task<Done>> Run)[] tasks;
        lock (_lock)
            tasks = _tasks.TryGetValue(name, out var added) ? [.. added] : [];
        if (tasks.Length == 0)
            return;
        _log.Debug("Performing phase [{0}] with [{1}] tasks", name, tasks.Length);
        var all = Task.WhenAll(tasks.Select(t => RunTask(name, phase, t.Name, t.Run)));
        // Tasks that end just as their time is up have ended: what counts is how they are afterwards.
        await all.WaitAsync(phase.Timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.IsCompleted)
            await all.ConfigureAwait(false);
        else if (!phase.Recover)
            throw new TimeoutException($"Coordinated shutdown phase [{name}] timed out after {phase.Timeout}");
        else
            _log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", name, phase.Timeout);
    }

    async Task RunTask(string phaseName, ShutdownPhases.Phase phase, string name, Func<Task<Done>> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (Exception e) when (phase.Recover)
        {
            _log.Warning(e, "Task [{0}] failed in phase [{1}]: {2}", name, phaseName, e.Message);
        }
    }

    void AddTerminationOfSystem(Config config)
    {
        var exit = config.GetBoolean("exit-clr", false);
        if (System.Settings.CoordinatedShutdownTerminateActorSystem)
        {
            AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
            {
                ((Internal.ActorSystemImpl)System).FinalTerminate();
                if (!exit)
                {
                    await System.WhenTerminated.ConfigureAwait(false);
                    return Done.Instance;
                }

                // An actor that does not end in time must not keep the process.
                await Task.WhenAny(System.WhenTerminated,
                    Task.Delay(Timeout(PhaseActorSystemTerminate))).ConfigureAwait(false);
                ExitProcess();
                return Done.Instance;
            });
        }
        else if (exit)
        {
            AddTask(PhaseActorSystemTerminate, "exit-clr", () =>
            {
                ExitProcess();
                return Task.FromResult(Done.Instance);
            });
        }
    }

    // From a thread of its own: the exit runs the hooks below, and those wait for this shutdown.
    void ExitProcess()
    {
        if (ShutdownReason is not ClrExitReason)
            new Thread(static () => Environment.Exit(0)) { IsBackground = true, Name = "akka-exit" }.Start();
    }

    void HookProcessExit()
    {
        var me = new WeakReference<CoordinatedShutdown>(this);
        void OnExit(object? sender, EventArgs args)
        {
            if (me.TryGetTarget(out var shutdown) && !shutdown.System.WhenTerminated.IsCompleted)
                shutdown.Run(ClrExitReason.Instance).Wait(shutdown.TotalTimeout);
        }

        AppDomain.CurrentDomain.ProcessExit += OnExit;
        System.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= OnExit);
    }

    static string Unknown(string phase) =>
        $"Unknown phase [{phase}]: all phases must be defined in akka.coordinated-shutdown.phases.";

    /// <summary>Why a system ends.</summary>
    public class Reason
    {
        protected Reason()
        {
        }
    }

    /// <summary>Nobody said why.</summary>
    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        UnknownReason()
        {
        }
    }

    /// <summary>ActorSystem.Terminate was called.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process was told to end.</summary>
    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        ClrExitReason()
        {
        }
    }

    /// <summary>The cluster took this member for down.</summary>
    public class ClusterDowningReason : Reason
    {
        public static readonly Reason Instance = new ClusterDowningReason();

        ClusterDowningReason()
        {
        }
    }

    /// <summary>This member has left the cluster.</summary>
    public class ClusterLeavingReason : Reason
    {
        public static readonly Reason Instance = new ClusterLeavingReason();

        ClusterLeavingReason()
        {
        }
    }

    /// <summary>This node could not join the cluster.</summary>
    public class ClusterJoinUnsuccessfulReason : Reason
    {
        public static readonly Reason Instance = new ClusterJoinUnsuccessfulReason();

        ClusterJoinUnsuccessfulReason()
        {
        }
    }
}

/// <summary>Finds the coordinated shutdown of an actor system.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new(system);
}
