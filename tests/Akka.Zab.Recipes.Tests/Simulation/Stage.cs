using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Akka.Zab.Tree;

namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>What a scenario plays on: a world with faults for a while, processes, and what they believe to hold.</summary>
internal sealed class Stage
{
    /// <summary>The session timeout of every process.</summary>
    public static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private readonly List<(Hold Hold, Process Process, string What, bool Alone)> _held = [];
    private readonly Dictionary<string, (long Alone, long Any)> _tokens = [];
    private readonly Dictionary<string, int> _limits = [];
    private readonly long _faultsEnd;
    private readonly Faults _faults;
    private int _lastProcess;

    public Stage(int seed, TimeSpan faults)
    {
        World = new World(seed);
        Ensemble = new Ensemble(World);
        _faults = new Faults(World, Ensemble, World.Micros(SessionTimeout));
        _faultsEnd = World.Micros(faults);
        World.Invariants.Add(HoldersAreFew);
        if (faults <= TimeSpan.Zero)
        {
            World.IsFaulty = false;
            return;
        }
        _faults.Begin();
        World.After(_faultsEnd, _faults.End);
    }

    public World World { get; }

    public Ensemble Ensemble { get; }

    /// <summary>How often something was had.</summary>
    public int Successes { get; private set; }

    /// <summary>Whether everybody may stop.</summary>
    public bool IsOver => World.Now > _faultsEnd + World.Micros(Calm);

    public Random Chance => World.Chance;

    public void Run(Func<Stage, Task> scenario) =>
        World.Run(() => scenario(this), TimeSpan.FromMicroseconds(_faultsEnd) + TimeSpan.FromMinutes(5));

    public Task<Process> StartAsync() =>
        Process.StartAsync(World, Ensemble, $"process {++_lastProcess}", SessionTimeout);

    /// <summary>All of it; what fails ends the run at once, while the others may still wait.</summary>
    public Task AllAsync(IEnumerable<Task> tasks) => Task.WhenAll(tasks.Select(async task =>
    {
        try
        {
            await task;
        }
        catch (Exception e)
        {
            World.Fail(e);
            throw;
        }
    }));

    public bool HasExpired(Process process) => process.Zab is null || Ensemble.Expired.Contains(process.Zab.SessionId);

    public static Task Pass(Process process, long micros) => Task.Delay(TimeSpan.FromMicroseconds(micros), process);

    public Task Pass(Process process, long from, long to) => Pass(process, World.Spread(from, to));

    /// <summary>How many may hold something at the same time.</summary>
    public void Limit(string what, int holders) => _limits[what] = holders;

    /// <summary>A process has got something.</summary>
    /// <param name="process">Who.</param>
    /// <param name="hold">What it was given.</param>
    /// <param name="what">What that stands for.</param>
    /// <param name="alone">Whether nobody else may have it.</param>
    public void Took(Process process, Hold hold, string what, bool alone = true)
    {
        World.Note($"{process.Name} takes {what}");
        _held.Add((hold, process, what, alone));
        Use(hold, what, alone, isNew: true);
    }

    /// <summary>A process shows its token to what is protected.</summary>
    public void Use(Hold hold, string what, bool alone = true, bool isNew = false)
    {
        var isHeld = hold.IsHeld;
        var (lastAlone, last) = _tokens.GetValueOrDefault(what);
        var refused = alone && !isNew ? hold.FencingToken < last : hold.FencingToken <= (alone ? last : lastAlone);
        if (isHeld && refused)
        {
            throw new InvalidOperationException(
                $"The token {hold.FencingToken:x} of a holder of {what} is not above {last:x} of an earlier one.");
        }
        if (!isHeld) return;
        if (isNew) Successes++;
        _tokens[what] = (alone ? hold.FencingToken : lastAlone, Math.Max(last, hold.FencingToken));
    }

    /// <summary>It is about to let go, or does not care any more.</summary>
    public void Leaves(Hold hold)
    {
        World.Note("left");
        _held.RemoveAll(held => held.Hold == hold);
    }

    /// <summary>Nothing is left of a line, nor of anybody's watches.</summary>
    public async Task NothingIsLeftAsync(params string[] lines)
    {
        var process = await StartAsync();
        await Pass(process, World.Micros(SessionTimeout) * 3);
        await process.Zab.SyncAsync();
        foreach (var line in lines)
        {
            var reply = await process.Zab.CallAsync(new GetChildren(line), default);
            if (reply is ChildrenReply { Names: [var left, ..] })
                throw new InvalidOperationException($"{left} is left in {line}.");
        }
        foreach (var server in Ensemble.Servers)
        {
            // One on a znode that goes on is told once more, and is no burden; one on a ticket would stay for ever.
            foreach (var (path, _) in server.Watches.Of(WatchKind.All))
            {
                if (!server.Tree.TryGet(path, out _))
                    throw new InvalidOperationException($"A watch on {path} is left.");
            }
        }
    }

    // What a process believes counts while it runs.
    private void HoldersAreFew()
    {
        for (var i = 0; i < _held.Count; i++)
        {
            var (hold, process, what, alone) = _held[i];
            if (process.IsPaused || process.IsGone || !hold.IsHeld) continue;
            var others = 0;
            foreach (var other in _held)
            {
                if (other.What != what || other.Hold == hold || other.Process.IsPaused || other.Process.IsGone
                    || !other.Hold.IsHeld) continue;
                others++;
            }
            if ((alone && others > 0) || (_limits.TryGetValue(what, out var limit) && others >= limit))
            {
                throw new InvalidOperationException($"{others + 1} believe that they have {what}: "
                    + string.Join(", ", _held.Where(held => held.What == what && held.Hold.IsHeld)
                        .Select(held => $"{held.Process.Name} {held.Hold.Path} {held.Hold.FencingToken:x}")));
            }
        }
    }
}

/// <summary>A place where there is always a process: when one has died or lost its session, the next is started.</summary>
internal sealed class Place(Stage stage)
{
    private Task<Process>? _process;

    public Task<Process> ProcessAsync()
    {
        if (_process is { IsCompletedSuccessfully: true, Result: var old }
            && (old.IsGone || old.Zab.Hub.State is ConnectionState.Expired or ConnectionState.Closed))
        {
            if (!old.IsGone) old.Die();
            _process = null;
        }
        return _process ??= stage.StartAsync();
    }
}
