namespace Akka.Dispatch;

/// <summary>The threads that .NET itself manages; but who gives work does it itself if <see cref="HandOver"/> lets it.
/// </summary>
sealed class HandOverExecutor(string id) : ExecutorService(id)
{
    public override void Execute(IRunnable run)
    {
        if (!HandOver.TryTake(run))
            ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);
    }

    public override void Shutdown()
    {
    }
}
