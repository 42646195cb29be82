using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.Zab.Simulation.Machines;

/// <summary>Makes the one <see cref="SimulatedDispatcher"/> of a section.</summary>
public sealed class SimulatedDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly SimulatedDispatcher dispatcher;

    public SimulatedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) =>
        dispatcher = new SimulatedDispatcher(this);

    public override MessageDispatcher Dispatcher() => dispatcher;
}

/// <summary>
/// Runs no actor by itself: it hands every mailbox that has a message to its <see cref="Machine"/>, which takes them up
/// one message at a time, in an order that the seed chooses.
/// </summary>
public sealed class SimulatedDispatcher : MessageDispatcher
{
    private readonly Machine machine;

    public SimulatedDispatcher(MessageDispatcherConfigurator configurator)
        : base(configurator)
    {
        machine = ((SimulatedScheduler)configurator.Prerequisites.Scheduler).Machine;
        Throughput = 1;
        ThroughputDeadlineTime = null;
    }

    protected override void ExecuteTask(IRunnable run) => machine.Ready(run);

    protected override void Shutdown()
    {
    }
}
