using Akka.Zab.Client;
using Akka.Zab.Simulation.Checking;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Clients;

/// <summary>
/// What the clients of a run ask for: reads, writes, conditional writes, synced reads, watches, ephemeral and
/// sequential znodes, several operations at once, on so few paths that they are in each other's way.
/// </summary>
internal sealed class Workload(World world, int clients, int thinkMs)
{
    private const int Paths = 4;

    private bool isOn;

    public void Start()
    {
        isOn = true;
        if (world.IsReconfigurable)
            world.Clients.Add(administrator: true).Start();
        for (var i = 0; i < clients; i++)
        {
            var client = world.Clients.Add(world.Chance.Next(800, 3_000));
            client.Start();
            Think(client);
        }
    }

    /// <summary>Nothing new is asked for.</summary>
    public void Stop() => isOn = false;

    private void Think(SimulatedClient client) => world.After(world.Chance.Next(1, thinkMs * 2) * 1_000L, () =>
    {
        if (!isOn)
            return;
        if (client is { IsConnected: true, IsClosing: false, UnderWay: < 12 })
            Ask(client);
        Think(client);
    });

    private void Ask(SimulatedClient client)
    {
        var path = $"/k{world.Chance.Next(Paths)}";
        switch (world.Chance.Next(100))
        {
            case < 22:
                client.Send((OperationKind.Read, new GetData(path, Watch: world.Chance.Next(3) == 0)));
                break;
            case < 40:
                client.Send((OperationKind.Write, Set(path)));
                break;
            case < 48:
                client.Send((OperationKind.Write, Set(path) with { Version = world.Chance.Next(6) }));
                break;
            case < 58:
                client.Send((OperationKind.Write, Make(path)));
                break;
            case < 62:
                client.Send((OperationKind.Write, new Delete(path)));
                break;
            case < 72:
                client.Send((OperationKind.SyncedRead, new GetData(path)));
                break;
            case < 80:
                client.Send(
                    (OperationKind.Write, Set(path)),
                    (OperationKind.Read, new GetData(path)),
                    (OperationKind.Read, new GetData(path, Watch: true)));
                break;
            case < 83:
                client.Send((OperationKind.Read, new Exists(path, Watch: true)));
                break;
            case < 86:
                client.Send((OperationKind.Read, new GetChildren("/dir", Watch: true)));
                break;
            case < 89:
                client.Send(
                    (OperationKind.Write, new Create(
                        "/dir/e-", Values.Of(world.Clients.NextValue()), Acl.Open, CreateMode.EphemeralSequential)));
                break;
            case < 91:
                client.Send((OperationKind.Write, Make("/dir")));
                break;
            case < 94:
                client.Send((OperationKind.Write, new Multi([Set(path), Set($"/k{world.Chance.Next(Paths)}")])));
                break;
            case < 98:
                client.Send(
                    (OperationKind.Write, Make(path)),
                    (OperationKind.Write, Set(path)),
                    (OperationKind.Write, Set(path)),
                    (OperationKind.Read, new GetData(path)),
                    (OperationKind.Write, new Delete(path)));
                break;
            case 98:
                client.Leave();
                break;
            default:
                if (world.Chance.Next(3) == 0)
                    client.Send((OperationKind.Write, new CloseSession()));
                break;
        }
    }

    private SetData Set(string path) => new(path, Values.Of(world.Clients.NextValue()));

    private Create Make(string path) => new(path, Values.Of(world.Clients.NextValue()), Acl.Open);
}
