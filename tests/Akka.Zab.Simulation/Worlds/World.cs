using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Checking;
using Akka.Zab.Simulation.Clients;
using Akka.Zab.Simulation.Networks;

namespace Akka.Zab.Simulation.Worlds;

/// <summary>What is wrong, with what led to it.</summary>
internal sealed class SimulationFailedException(string message) : Exception(message);

/// <summary>
/// An ensemble of real members in virtual time, on one thread: servers with their machines and disks, the network
/// between them, clients. Everything that happens is an event at a time; between two events nothing happens. What is
/// left to chance a generator chooses, so that one seed is one run. After every step the safety of ZAB is checked.
/// </summary>
/// <remarks>
/// A test makes a world, starts servers and clients, and lets time pass with <see cref="RunFor"/> or <see
/// cref="RunUntil"/>. In between it may do to servers, disks and network what it likes.
/// </remarks>
internal sealed class World : IDisposable
{
    private readonly PriorityQueue<Action, (long At, long Order)> events = new();
    private long order;
    private string? failure;

    public World(WorldOptions options)
    {
        Options = options;
        Chance = new Random(options.Seed);
        Trace = new Trace(() => Now);
        if (options.KeepTrace)
            Trace.KeepAll();
        var members = new Member[options.Participants + options.Observers];
        for (var i = 0; i < members.Length; i++)
            members[i] = MemberOf(i + 1, i < options.Participants ? MemberRole.Participant : MemberRole.Observer);
        Beginning = Ensemble = new Ensemble(members);
        var servers = members.Length + options.Strangers;
        Network = new Network(this, servers);
        Safety = new Safety(this);
        Clients = new ClientSet(this);
        Servers = [.. Enumerable.Range(1, servers).Select(id => new Server(this, id))];
    }

    public World(int seed)
        : this(new WorldOptions { Seed = seed })
    {
    }

    public WorldOptions Options { get; }

    /// <summary>Microseconds since the beginning.</summary>
    public long Now { get; private set; }

    /// <summary>The one source of chance.</summary>
    public Random Chance { get; }

    public Trace Trace { get; }

    /// <summary>The ensemble as every member's settings have it.</summary>
    public Ensemble Beginning { get; }

    /// <summary>The ensemble as the last change has it that was delivered anywhere.</summary>
    public Ensemble Ensemble { get; set; }

    /// <summary>Whether the ensemble may be changed while it runs.</summary>
    public bool IsReconfigurable => Options.Strangers > 0;

    /// <summary>The servers that are members now.</summary>
    public IEnumerable<Server> Members => Servers.Where(server => Ensemble.Has(server.Id));

    /// <summary>Server n is at n - 1.</summary>
    public Server[] Servers { get; }

    public Network Network { get; }

    public Safety Safety { get; }

    public ClientSet Clients { get; }

    public Coverage Coverage { get; } = new();

    /// <summary>What clients did and were told.</summary>
    public List<ClientEvent> ClientEvents { get; } = [];

    /// <summary>Every transaction that was delivered, in its order.</summary>
    public List<Committed> Committed { get; } = [];

    public List<LeaderEstablished> Leaders { get; } = [];

    public List<RoleChanged> Roles { get; } = [];

    /// <summary>The server that leads and serves, the one of the latest epoch; null if there is none.</summary>
    public Server? Leader
    {
        get
        {
            Server? leader = null;
            foreach (var server in Servers)
            {
                if (server.Leads && (leader is null || server.Serving!.Epoch > leader.Serving!.Epoch))
                    leader = server;
            }

            return leader;
        }
    }

    /// <summary>Told when a server reaches a point at which the faults may want it to crash.</summary>
    public Action<Server, CrashPoint>? OnReached { get; set; }

    /// <summary>Asked when a server stops by itself: whether that is as it should be. Null: never.</summary>
    public Func<Server, string, bool>? MayFail { get; set; }

    /// <summary>Why this run is wrong; null while it is not.</summary>
    public string? Failure => failure;

    /// <summary>A server as a member.</summary>
    public Member MemberOf(int id, MemberRole role) => new(id, role)
    {
        Host = IsReconfigurable ? $"s{id}" : "",
        Port = 1,
        ElectionPort = 2,
    };

    public void StartAll()
    {
        foreach (var server in Servers)
            server.Start();
    }

    /// <summary>Something that happens at a time.</summary>
    public void At(long time, Action action) => events.Enqueue(action, (Math.Max(time, Now), order++));

    /// <summary>Something that happens in so many microseconds.</summary>
    public void After(long microseconds, Action action) => At(Now + microseconds, action);

    /// <summary>Takes the next step; false if there is none before a time.</summary>
    public bool Step(long until = long.MaxValue)
    {
        if (!events.TryPeek(out var action, out var when) || when.At > until)
            return false;
        events.Dequeue();
        Now = when.At;
        action();
        if (failure is not null)
            throw new SimulationFailedException(failure);
        return true;
    }

    /// <summary>Lets time pass.</summary>
    public void RunFor(TimeSpan time)
    {
        var until = Now + (long)time.TotalMicroseconds;
        while (Step(until))
        {
        }

        Now = until;
    }

    /// <summary>Lets time pass until something is the case; fails if it is not within a time.</summary>
    public void RunUntil(Func<bool> condition, TimeSpan within, string what = "what was waited for")
    {
        var until = Now + (long)within.TotalMicroseconds;
        while (!condition())
        {
            if (!Step(until))
                throw new SimulationFailedException($"{what} did not come about within {within.TotalSeconds} s");
        }
    }

    /// <summary>This run is wrong. It ends with the present step.</summary>
    public void Fail(string what)
    {
        failure ??= what;
        Trace.Add(TraceKind.Fault, 0, 0, "WRONG: " + what);
    }

    /// <summary>A server has come to a point at which it might crash.</summary>
    public void Reached(Server server, CrashPoint point) => OnReached?.Invoke(server, point);

    /// <summary>A server has handled a message.</summary>
    public void AfterTurn(Server server) => Safety.Look(server);

    /// <summary>A server stops by itself.</summary>
    public void ServerFailed(Server server, string reason)
    {
        if (MayFail?.Invoke(server, reason) != true)
            Fail($"server {server.Id} stopped by itself: {reason}");
    }

    public void RoleChanged(Server server, ServingChanged changed)
    {
        Trace.Add(
            TraceKind.Server, server.Id, 0,
            changed.Serving ? $"serves, {changed.Role} in epoch {changed.Epoch}" : $"is {changed.Role}");
        Roles.Add(new RoleChanged(Now, server.Id, changed.Role, changed.Serving));
        if (changed is { Serving: true, Role: ServerRole.Leading })
            Leaders.Add(new LeaderEstablished(Now, server.Id, changed.Epoch));
    }

    public void Dispose()
    {
        foreach (var server in Servers)
            server.GiveBack();
    }
}
