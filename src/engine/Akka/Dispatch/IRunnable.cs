namespace Akka.Dispatch;

/// <summary>Work for a dispatcher.</summary>
public interface IRunnable : IThreadPoolWorkItem
{
    void Run();
}

/// <summary>An action as work for a dispatcher.</summary>
public sealed class ActionRunnable(Action action) : IRunnable
{
    public void Run() => action();

    public void Execute() => action();
}
