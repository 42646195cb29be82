using Akka.Zab.Client;
using Akka.Zab.Simulation.Disks;
using Akka.Zab.Simulation.Networks;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Faults;

/// <summary>
/// Does to a world whatever a server, a disk and a network may do to each other, at random times, as the seed chooses.
/// Every fault ends after a while; <see cref="StopAll"/> ends all of them.
/// </summary>
internal sealed partial class FaultPlan
{
    private static readonly string[] Names =
    [
        "crash", "crash of the leader", "crash at a point", "crash at a point of the leader", "crash of all", "restart",
        "isolation", "one-way cut", "split", "heal", "weather", "broken connection", "slow disk", "stalled disk",
        "full disk", "pause", "clock jump", "wiped observer", "wiped voter", "client cut off", "silent client",
        "stop in good order", "change of the ensemble", "hand-over",
    ];

    private readonly World world;
    private readonly int meanGapMs;
    private readonly bool[] resting;
    private CrashPoint? armed;
    private Server? armedFor;
    private bool isOn;
    private bool isQuiet;

    /// <param name="world">The world.</param>
    /// <param name="meanGapMs">How much time is between two faults on average, in milliseconds.</param>
    public FaultPlan(World world, int meanGapMs)
    {
        this.world = world;
        this.meanGapMs = meanGapMs;
        resting = new bool[world.Servers.Length + 1];
        world.OnReached = OnReached;
        world.MayFail = (server, reason) =>
        {
            StartLater(server);
            return reason.Contains("disk full", StringComparison.Ordinal);
        };
    }

    public static IReadOnlyList<string> Kinds => Names;

    public void Start()
    {
        isOn = true;
        Next();
    }

    /// <summary>The faults stop: everything is up, connected and fast again.</summary>
    public void StopAll()
    {
        isOn = false;
        armed = null;
        world.Network.Weather = Weather.Calm;
        world.Network.Heal();
        world.Clients.Unblock();
        foreach (var server in world.Servers)
        {
            server.Disk.Manners = DiskManners.Good;
            if (server.Machine.IsPaused)
                server.Resume();
            if (server.Disk.IsHeld)
                server.Disk.LetGo();
            if (!server.IsUp)
                server.Start();
        }
    }

    private void Next() => world.After(world.Chance.Next(1, meanGapMs * 2) * 1_000L, () =>
    {
        if (!isOn)
            return;
        if (!isQuiet)
            Do(Names[world.Chance.Next(Names.Length)]);
        Next();
    });

    private void Do(string kind)
    {
        if (Try(kind))
            world.Coverage.Hit($"fault: {kind}");
    }

    private bool Try(string kind)
    {
        var server = world.Servers[world.Chance.Next(world.Servers.Length)];
        var other = world.Servers[world.Chance.Next(world.Servers.Length)];
        switch (kind)
        {
            case "crash":
                return Crash(server);
            case "crash of the leader":
                return world.Leader is { } leader && Crash(leader);
            case "crash at a point":
                return Arm(null);
            case "crash at a point of the leader":
                return Arm(world.Leader);
            case "crash of all":
                return world.Chance.Next(3) == 0 && CrashAll();
            case "restart":
                return Restart(server);
            case "isolation":
                return Isolate(server);
            case "one-way cut":
                return CutOneWay(server, other);
            case "split":
                return Split();
            case "heal":
                world.Network.Heal();
                return true;
            case "weather":
                return ChangeWeather();
            case "broken connection":
                world.Network.BreakConnection(server, other);
                return server != other;
            case "slow disk":
                server.Disk.Manners = new DiskManners { WriteTime = 5_000, Jitter = world.Chance.Next(200_000) };
                Later(5_000, () => server.Disk.Manners = DiskManners.Good);
                return true;
            case "stalled disk":
                return Stall(server);
            case "full disk":
                server.Disk.Manners = new DiskManners { IsFull = true };
                Later(1_000, () => server.Disk.Manners = DiskManners.Good);
                return true;
            case "pause":
                return Pause(server);
            case "clock jump":
                server.Machine.ClockError = TimeSpan.FromSeconds(world.Chance.Next(-100_000, 100_000));
                return true;
            case "wiped observer":
                return Wipe(server);
            case "wiped voter":
                return WipeVoter(server);
            case "stop in good order":
                return Stop(server);
            case "change of the ensemble":
                return Administer(() => Change(server));
            case "hand-over":
                return Administer(() => new TransferLeadership(server.Id));
            case "client cut off":
                return CutClient(server);
            default:
                return SilenceClient();
        }
    }

    private bool Crash(Server server)
    {
        if (!server.IsUp)
            return false;
        server.Crash(noticed: world.Chance.Next(3) > 0);
        StartLater(server);
        return true;
    }

    private bool Stop(Server server)
    {
        if (!server.IsUp || server.Machine.IsPaused)
            return false;
        server.BeginToStop();
        StartLater(server);
        return true;
    }

    private bool CrashAll()
    {
        foreach (var server in world.Servers)
            Crash(server);
        return true;
    }

    private bool Restart(Server server)
    {
        if (!server.IsUp)
            return false;
        server.Crash(noticed: true);
        server.Start();
        return true;
    }

    private bool Arm(Server? target)
    {
        var points = Enum.GetValues<CrashPoint>();
        armed = points[world.Chance.Next(points.Length)];
        armedFor = target;
        return true;
    }

    private void OnReached(Server server, CrashPoint point)
    {
        world.Coverage.Hit($"point: {point}");
        if (!isOn || armed != point || (armedFor is not null && armedFor != server) || world.Chance.Next(3) == 0)
            return;
        armed = null;
        world.Coverage.Hit($"crash at: {point}");
        Crash(server);
    }

    private bool Isolate(Server server)
    {
        foreach (var other in world.Servers)
        {
            if (other != server)
                world.Network.CutBothWays(server, other);
        }

        Later(4_000, world.Network.Heal);
        return true;
    }

    private bool CutOneWay(Server from, Server to)
    {
        if (from == to)
            return false;
        world.Network.Cut(from, to);
        Later(4_000, world.Network.Heal);
        return true;
    }

    private bool Split()
    {
        var side = world.Chance.Next(1 << world.Servers.Length);
        foreach (var one in world.Servers)
        {
            foreach (var other in world.Servers)
            {
                if (((side >> one.Id) & 1) != ((side >> other.Id) & 1))
                    world.Network.Cut(one, other);
            }
        }

        Later(4_000, world.Network.Heal);
        return true;
    }

    private bool ChangeWeather()
    {
        world.Network.Weather = world.Chance.Next(6) switch
        {
            0 => new Weather { Loss = 0.02 },
            1 => new Weather { Break = 0.01 },
            2 => new Weather { Duplication = 0.02 },
            3 => new Weather { Reordering = 0.02 },
            4 => new Weather { Latency = 5_000, Jitter = 40_000 },
            _ => new Weather { Loss = 0.01, Duplication = 0.01, Reordering = 0.01, Jitter = 10_000 },
        };
        Later(3_000, () => world.Network.Weather = Weather.Calm);
        return true;
    }

    private bool Stall(Server server)
    {
        if (server.Disk.IsHeld)
            return false;
        server.Disk.Hold();
        Later(2_500, server.Disk.LetGo);
        return true;
    }

    private bool Pause(Server server)
    {
        if (server.Machine.IsPaused || !server.IsUp)
            return false;
        server.Pause();
        Later(4_000, () =>
        {
            if (server.Machine.IsPaused)
                server.Resume();
        });
        return true;
    }

    private bool CutClient(Server server)
    {
        if (world.Clients.All.Count == 0)
            return false;
        var client = world.Clients.All[world.Chance.Next(world.Clients.All.Count)];
        world.Clients.Block(client, server);
        if (client.Server == server)
            client.Leave();
        Later(3_000, world.Clients.Unblock);
        return true;
    }

    private bool SilenceClient()
    {
        if (world.Clients.All.Count == 0)
            return false;
        var client = world.Clients.All[world.Chance.Next(world.Clients.All.Count)];
        if (!client.IsOn)
            return false;
        client.Vanish();
        Later(6_000, client.Start);
        return true;
    }

    private void StartLater(Server server)
    {
        if (resting[server.Id])
            return;
        resting[server.Id] = true;
        Later(world.Chance.Next(4) == 0 ? 5_000 : 500, () =>
        {
            resting[server.Id] = false;
            if (!server.IsUp)
                server.Start();
        });
    }

    // Whatever a fault is ended by happens also when the faults have stopped meanwhile, and does no harm then.
    private void Later(int mostMs, Action action) => world.After(world.Chance.Next(1, mostMs) * 1_000L, action);
}
