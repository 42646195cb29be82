using Akka.Actor;
using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Networks;

/// <summary>How likely the network is to do what. All chances are per message.</summary>
internal sealed record Weather
{
    public static Weather Calm { get; } = new();

    /// <summary>The least time that a message takes, in microseconds.</summary>
    public int Latency { get; init; } = 60;

    /// <summary>The most that chance adds, in microseconds.</summary>
    public int Jitter { get; init; } = 120;

    /// <summary>A message is lost, and nobody is told.</summary>
    public double Loss { get; init; }

    /// <summary>The connection breaks: what is on its way is lost, and both sides are told sooner or later.</summary>
    public double Break { get; init; }

    /// <summary>A message arrives twice.</summary>
    public double Duplication { get; init; }

    /// <summary>A message takes much longer, and those after it overtake it.</summary>
    public double Reordering { get; init; }
}

/// <summary>
/// Carries messages between servers: in order for each pair of them, unless the weather says otherwise. What cannot be
/// delivered is lost, as with Akka.Remote; so is what was sent to or by a process that is gone.
/// </summary>
internal sealed class Network(World world, int servers)
{
    private readonly bool[,] cut = new bool[servers + 1, servers + 1];
    private readonly int[,] connection = new int[servers + 1, servers + 1];
    private readonly long[,] lastArrival = new long[servers + 1, servers + 1];
    private readonly List<Wire> held = [];

    public Weather Weather { get; set; } = Weather.Calm;

    /// <summary>What happens to a message when it is sent; null for as usual.</summary>
    public Func<Wire, Fate>? Decide { get; set; }

    /// <summary>A mutation: told of every message that is sent.</summary>
    public Action<Wire>? OnSent { get; set; }

    /// <summary>A mutation: sees, and may change, what arrives. Null keeps a message from arriving.</summary>
    public Func<Wire, Wire?>? Alter { get; set; }

    /// <summary>The messages that are held back.</summary>
    public IReadOnlyList<Wire> Held => held;

    /// <summary>From now on nothing gets from one to the other; what is on its way is lost.</summary>
    public void Cut(Server from, Server to)
    {
        cut[from.Id, to.Id] = true;
        connection[from.Id, to.Id]++;
        world.Trace.Add(TraceKind.Fault, from.Id, to.Id, "cut");
    }

    public void CutBothWays(Server one, Server other)
    {
        Cut(one, other);
        Cut(other, one);
    }

    /// <summary>Whether everybody reaches everybody.</summary>
    public bool IsWhole => !cut.Cast<bool>().Contains(true);

    public bool IsCut(Server from, Server to) => cut[from.Id, to.Id];

    public void Heal()
    {
        Array.Clear(cut);
        world.Trace.Add(TraceKind.Fault, 0, 0, "all links heal");
    }

    /// <summary>Whatever was held back is sent now, in its order; nothing more is held back.</summary>
    public void Release()
    {
        Decide = null;
        var wires = held.ToArray();
        held.Clear();
        foreach (var wire in wires)
            Carry(wire);
    }

    public void Send(Wire wire)
    {
        if (wire.From.Life != wire.FromLife || !wire.From.IsUp)
            return;
        OnSent?.Invoke(wire);
        switch (Decide?.Invoke(wire) ?? Fate.AsUsual)
        {
            case Fate.Lost:
                Lose(wire);
                break;
            case Fate.Held:
                held.Add(wire);
                break;
            default:
                Carry(wire);
                break;
        }
    }

    /// <summary>The connection between two servers breaks: what is on its way is lost, and they are told.</summary>
    public void BreakConnection(Server one, Server other)
    {
        connection[one.Id, other.Id]++;
        connection[other.Id, one.Id]++;
        world.Trace.Add(TraceKind.Fault, one.Id, other.Id, "connection breaks");
        TellUnreachable(one, other);
        TellUnreachable(other, one);
    }

    /// <summary>A process is gone. What it had sent may still arrive; the others notice now or by silence.</summary>
    public void Gone(Server server, bool noticed)
    {
        var arrives = world.Chance.Next(2) == 0;
        foreach (var other in world.Servers)
        {
            if (other == server)
                continue;
            connection[other.Id, server.Id]++;
            if (!arrives)
                connection[server.Id, other.Id]++;
            if (noticed)
                TellUnreachable(other, server);
        }
    }

    private void TellUnreachable(Server told, Server gone)
    {
        var life = told.Life;
        world.After(world.Chance.Next(50, 5_000), () => told.Machine.WhenAwake(() =>
        {
            if (told.IsUp && told.Life == life)
                told.PeerRef.Tell(new ServerUnreachable(gone.Id), ActorRefs.NoSender);
        }));
    }

    private void Carry(Wire wire)
    {
        int from = wire.From.Id, to = wire.To.Id;
        if (cut[from, to])
        {
            Lose(wire);
            return;
        }

        var weather = Weather;
        if (weather.Loss > 0 && world.Chance.NextDouble() < weather.Loss)
        {
            Lose(wire);
            return;
        }

        if (weather.Break > 0 && world.Chance.NextDouble() < weather.Break)
        {
            Lose(wire);
            BreakConnection(wire.From, wire.To);
            return;
        }

        var arrival = world.Now + weather.Latency + world.Chance.Next(weather.Jitter + 1);
        if (weather.Reordering > 0 && world.Chance.NextDouble() < weather.Reordering)
            arrival += world.Chance.Next(20_000);
        else
            arrival = lastArrival[from, to] = Math.Max(lastArrival[from, to] + 1, arrival);
        ArriveAt(arrival, wire);
        if (weather.Duplication > 0 && world.Chance.NextDouble() < weather.Duplication)
            ArriveAt(arrival + world.Chance.Next(20_000), wire);
    }

    private void ArriveAt(long time, Wire wire)
    {
        var number = connection[wire.From.Id, wire.To.Id];
        world.At(time, () =>
        {
            if (number != connection[wire.From.Id, wire.To.Id])
                Lose(wire);
            else
                wire.To.Machine.WhenAwake(() => Arrive(wire));
        });
    }

    private void Arrive(Wire wire)
    {
        var to = wire.To;
        if (!to.IsUp || (wire.ToLife != 0 && wire.ToLife != to.Life) || !to.IsReachable)
        {
            Lose(wire);
            return;
        }

        if (Alter is not null)
        {
            if (Alter(wire) is not { } altered)
                return;
            wire = altered;
        }

        Tell(wire);
    }

    /// <summary>A message is there.</summary>
    internal void Tell(Wire wire)
    {
        var to = wire.To;
        world.Trace.Add(TraceKind.Arrives, wire.From.Id, to.Id, wire.Message);
        world.Coverage.Arrives(to, wire.Message);
        to.PeerRef.Tell(wire.Message, to.WireTo(wire.From, wire.FromLife));
    }

    private void Lose(Wire wire) => world.Trace.Add(TraceKind.Lost, wire.From.Id, wire.To.Id, wire.Message);
}
