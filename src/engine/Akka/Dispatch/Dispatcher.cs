using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>Runs mailboxes on the threads of an executor.</summary>
public class Dispatcher : MessageDispatcher
{
    readonly ExecutorService _executor;

    internal Dispatcher(MessageDispatcherConfigurator configurator, ExecutorService executor)
        : base(configurator)
    {
        _executor = executor;
        HandsOver = executor is HandOverExecutor;
    }

    protected override void ExecuteTask(IRunnable run) => _executor.Execute(run);

    protected override void Shutdown() => _executor.Shutdown();
}

/// <summary>Gives one actor a thread of its own.</summary>
public sealed class PinnedDispatcher : Dispatcher
{
    ActorCell? _owner;

    internal PinnedDispatcher(MessageDispatcherConfigurator configurator)
        : base(configurator, new DedicatedThreadsExecutor(configurator.Config.GetString("id", "pinned"), threads: 1))
    {
    }

    public override void Attach(ActorCell cell)
    {
        if ((Interlocked.CompareExchange(ref _owner, cell, null) ?? cell) != cell)
            throw new InvalidOperationException($"The pinned dispatcher of {_owner!.Self} serves no second actor "
                + $"({cell.Self}).");
        base.Attach(cell);
    }

    private protected override void LastOneLeft() => Shutdown();
}

/// <summary>One dispatcher for all actors that name the section.</summary>
sealed class SharedDispatcherConfigurator : MessageDispatcherConfigurator
{
    readonly Dispatcher _dispatcher;

    public SharedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites, bool dedicatedThreads)
        : base(config, prerequisites)
    {
        var id = config.GetString("id", "anonymous");
        _dispatcher = new Dispatcher(this, Executor(id, dedicatedThreads));
    }

    public override MessageDispatcher Dispatcher() => _dispatcher;

    ExecutorService Executor(string id, bool dedicatedThreads)
    {
        var executor = Config.GetString("executor", "default-executor");
        if (dedicatedThreads || executor == "fork-join-executor")
            return new DedicatedThreadsExecutor(id, Threads());
        return executor is "default-executor" or "thread-pool-executor" or "task-executor" or "channel-executor"
            ? Config.GetBoolean("hand-over", false) ? new HandOverExecutor(id) : new ThreadPoolExecutor(id)
            : throw new ConfigurationException(
                $"Dispatcher [{id}] asks for executor [{executor}]; this engine has default-executor, "
                + "thread-pool-executor, task-executor, channel-executor and fork-join-executor.");
    }

    int Threads()
    {
        if (Config.GetInt("dedicated-thread-pool.thread-count", 0) is var count and > 0)
            return count;
        var factor = Config.GetDouble("fork-join-executor.parallelism-factor", 1.0);
        var scaled = (int)Math.Ceiling(Environment.ProcessorCount * factor);
        var min = Config.GetInt("fork-join-executor.parallelism-min", 4);
        return Math.Clamp(scaled, min, Math.Max(min, Config.GetInt("fork-join-executor.parallelism-max", 64)));
    }
}

/// <summary>A dispatcher, and with it a thread, for each actor that names the section.</summary>
sealed class PinnedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    public override MessageDispatcher Dispatcher() => new PinnedDispatcher(this);
}
