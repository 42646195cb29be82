using Akka.Actor;
using Akka.Persistence;
using Akka.Zab.Simulation.Machines;

namespace Akka.Zab.Simulation.Disks;

/// <summary>The journal plug-in of a machine: hands everything to the disk of the server that runs there.</summary>
public sealed class SimulatedJournal : UntypedActor
{
    private readonly Machine machine = ((SimulatedScheduler)Context.System.Scheduler).Machine;

    protected override void OnReceive(object message)
    {
        if (machine.Server is null)
        {
            // The machine is being tried out.
            (message as ReplayMessages)?.PersistentActor.Tell(new RecoverySuccess(0));
            return;
        }

        // The last words of a process that is gone reach no disk.
        if (!machine.Server.IsUp)
            return;
        var disk = machine.Server.Disk;
        switch (message)
        {
            case WriteMessages write:
                disk.Write(write);
                break;
            case ReplayMessages replay:
                disk.Replay(replay);
                break;
            case DeleteMessagesTo delete:
                disk.Delete(delete);
                break;
        }
    }
}

/// <summary>The snapshot store plug-in of a machine.</summary>
public sealed class SimulatedSnapshots : UntypedActor
{
    private readonly Machine machine = ((SimulatedScheduler)Context.System.Scheduler).Machine;

    protected override void OnReceive(object message)
    {
        if (machine.Server is not { IsUp: true })
            return;
        var disk = machine.Server.Disk;
        switch (message)
        {
            case SaveSnapshot save:
                disk.Save(save, Sender);
                break;
            case LoadSnapshot load:
                disk.Load(load, Sender);
                break;
            case DeleteSnapshots delete:
                disk.Delete(delete, Sender);
                break;
        }
    }
}
