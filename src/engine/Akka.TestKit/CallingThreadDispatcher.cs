using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>Makes <see cref="CallingThreadDispatcher"/>s.</summary>
public class CallingThreadDispatcherConfigurator : MessageDispatcherConfigurator
{
    public CallingThreadDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
    }

    public override MessageDispatcher Dispatcher() => new CallingThreadDispatcher(this);
}

/// <summary>
/// Runs an actor on the thread that sends it a message, before the send returns. A message to an actor that is
/// running already, further up on the same stack, waits until that actor is done with the present one.
/// </summary>
public class CallingThreadDispatcher : MessageDispatcher
{
    public static new string Id = "akka.test.calling-thread-dispatcher";

    public CallingThreadDispatcher(MessageDispatcherConfigurator configurator)
        : base(configurator)
    {
        // There is nobody to make room for, and a mailbox that starts itself again would only deepen the stack.
        Throughput = int.MaxValue;
        ThroughputDeadlineTime = null;
    }

    internal override bool RunsOnCallingThread => true;

    protected override void ExecuteTask(IRunnable run)
    {
        // An actor's own awaits must not end up where those of the calling test do.
        var callers = SynchronizationContext.Current;
        if (callers is not null) SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            run.Run();
        }
        finally
        {
            if (callers is not null) SynchronizationContext.SetSynchronizationContext(callers);
        }
    }

    protected override void Shutdown()
    {
    }
}
