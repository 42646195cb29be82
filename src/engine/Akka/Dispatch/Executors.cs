using System.Collections.Concurrent;

namespace Akka.Dispatch;

/// <summary>A source of threads.</summary>
public abstract class ExecutorService(string id)
{
    public string Id { get; } = id;

    public abstract void Execute(IRunnable run);

    public abstract void Shutdown();
}

/// <summary>The threads that .NET itself manages.</summary>
sealed class ThreadPoolExecutor(string id) : ExecutorService(id)
{
    public override void Execute(IRunnable run) => ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);

    public override void Shutdown()
    {
    }
}

/// <summary>A fixed number of threads of its own, started at the first job.</summary>
sealed class DedicatedThreadsExecutor(string id, int threads) : ExecutorService(id)
{
    readonly BlockingCollection<IRunnable> _jobs = new();
    int _started;

    public override void Execute(IRunnable run)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
            for (var i = 0; i < threads; i++)
                new Thread(Work) { IsBackground = true, Name = threads == 1 ? Id : $"{Id}-{i + 1}" }.Start();
        try
        {
            _jobs.Add(run);
        }
        catch (InvalidOperationException e)
        {
            throw new RejectedExecutionException($"Dispatcher {Id} has shut down.", e);
        }
    }

    public override void Shutdown() => _jobs.CompleteAdding();

    void Work()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
            job.Run();
    }
}
