using System.Collections.Concurrent;
using System.Net;
using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Client.Diagnostics;
using Akka.Zab.Client.Transport;

namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>A process of the application with one session. It can be paused, cut off, and die.</summary>
internal sealed class Process : TimeProvider
{
    private static readonly ConcurrentDictionary<ICanTell, Process> ByActor = new();

    private readonly World _world;
    private readonly Queue<Action> _missed = [];
    private readonly List<IActorRef> _actors = [];

    private Process(World world, string name)
    {
        _world = world;
        Name = name;
    }

    public string Name { get; }

    public ZabClient Zab { get; private set; } = null!;

    /// <summary>Whether nothing happens in it, as after SIGSTOP.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Whether it has died.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Until when nothing passes between it and any server; connections of that time never work again.</summary>
    public long CutUntil { get; set; }

    /// <summary>How long what is on the way to or from it is held up.</summary>
    public long StalledUntil { get; set; }

    public override long TimestampFrequency => 1_000_000;

    public static Process? Of(ICanTell actor) => ByActor.GetValueOrDefault(actor);

    public static async Task<Process> StartAsync(World world, Ensemble ensemble, string name, TimeSpan sessionTimeout)
    {
        var process = new Process(world, name);
        ensemble.Processes.Add(process);
        process.Zab = await ZabClient.ConnectAsync(
            Machine.System, new SimulatedTransport(ensemble, process),
            new ZabClientOptions
            {
                SessionTimeout = sessionTimeout,
                ConnectTimeout = TimeSpan.FromHours(1),
                AttemptTimeout = TimeSpan.FromSeconds(1),
                Time = process,
                Random = world.Chance,
            }, false, default);
        return process;
    }

    /// <summary>It dies: its session is left to its timeout.</summary>
    public void Die()
    {
        _world.Note($"{Name} dies");
        IsGone = true;
        Zab.Abandon();
    }

    /// <summary>It ends in order.</summary>
    public async Task EndAsync()
    {
        await Zab.DisposeAsync();
        IsGone = true;
    }

    public void Started(IActorRef actor)
    {
        if (_actors.Contains(actor)) return;
        _actors.Add(actor);
        ByActor[actor] = this;
    }

    public void Missed(Action action) => _missed.Enqueue(action);

    public void Pause(long micros)
    {
        if (IsPaused || IsGone) return;
        _world.Note($"{Name} is paused");
        IsPaused = true;
        _world.After(micros, Resume);
    }

    // What it has missed happens before anything else does, one after the other.
    private void Resume()
    {
        if (_missed.TryDequeue(out var missed))
        {
            missed();
            _world.After(0, Resume);
            return;
        }
        _world.Note($"{Name} goes on");
        IsPaused = false;
    }

    public override long GetTimestamp() => _world.Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMicroseconds(_world.Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(_world, this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(World world, Process owner, Action callback) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
                world.After(World.Micros(dueTime), () => Fire(setting, period), owner);
            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int setting, TimeSpan period)
        {
            if (setting != _setting) return;
            if (period > TimeSpan.Zero) world.After(World.Micros(period), () => Fire(setting, period), owner);
            callback();
        }
    }
}

/// <summary>Brings a process to the simulated servers, one after the other.</summary>
internal sealed class SimulatedTransport(Ensemble ensemble, Process process)
    : ClientTransport(new ClientTelemetry("akka.zab", ""))
{
    private int _next = ensemble.World.Chance.Next(Ensemble.ServerCount);

    public override DnsEndPoint? LastServer => null;

    public override int ServerCount => Ensemble.ServerCount;

    public override IActorRef NextServer(IActorContext client)
    {
        process.Started(client.Self);
        return ensemble.Door(_next++ % Ensemble.ServerCount, process);
    }
}
