using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Akka.Zab.Recipes.Tests.Processes;

/// <summary>What a contender has said.</summary>
internal readonly record struct Said(int Who, string What, long Number);

/// <summary>
/// Processes that want the same thing; and the thing itself, which refuses a token that is lower than one that it has
/// seen. Over ZooKeeper's protocol each has a proxy between it and the server.
/// </summary>
internal sealed class Contest : IAsyncDisposable
{
    private const int Stop = 19, Continue = 18;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _recipe;
    private readonly string _server;
    private readonly string _root;
    private readonly TimeSpan _sessionTimeout;
    private readonly List<Process> _processes = [];
    private readonly List<FaultyProxy> _proxies = [];
    private readonly Channel<Said> _said = Channel.CreateUnbounded<Said>();
    private readonly Dictionary<long, int> _owners = [];
    private readonly List<string> _log = [];
    private long _highest;

    /// <summary>How often somebody came with a token that was too low.</summary>
    public int Refused { get; private set; }

    public IReadOnlyList<FaultyProxy> Proxies => _proxies;

    private Contest(string recipe, string server, string root, TimeSpan sessionTimeout) =>
        (_recipe, _server, _root, _sessionTimeout) = (recipe, server, root, sessionTimeout);

    public static async Task<Contest> StartAsync(
        string recipe, string server, string root, TimeSpan sessionTimeout, int contenders = 3)
    {
        var contest = new Contest(recipe, server, root, sessionTimeout);
        for (var i = 0; i < contenders; i++) contest.Add();
        await contest.TakenAsync(_ => true, times: 2 * contenders);
        return contest;
    }

    /// <summary>One more wants it.</summary>
    /// <returns>Who it is.</returns>
    public int Add()
    {
        var server = _server;
        if (!server.StartsWith("akka.", StringComparison.Ordinal))
        {
            var proxy = FaultyProxy.Start(server);
            _proxies.Add(proxy);
            server = $"127.0.0.1:{proxy.Port}";
        }
        var process = OwnProcess.Start(
            ["contend", _recipe, server + _root, $"{_sessionTimeout.TotalMilliseconds:F0}"]);
        _processes.Add(process);
        var who = _processes.Count - 1;
        _ = ListenAsync(who, process);
        return who;
    }

    /// <summary>Waits until somebody of these has taken it, so many times.</summary>
    public async Task<int> TakenAsync(Func<int, bool> who, int times = 1)
    {
        while (true)
        {
            var said = await NextAsync();
            if (said.What == "take" && who(said.Who) && --times == 0) return said.Who;
        }
    }

    /// <summary>With SIGKILL.</summary>
    public void Kill(int who) => _processes[who].Kill();

    public void Pause(int who) => _ = Kill(_processes[who].Id, Stop);

    public void Resume(int who) => _ = Kill(_processes[who].Id, Continue);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        foreach (var proxy in _proxies) await proxy.DisposeAsync();
    }

    private async Task<Said> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var said = await _said.Reader.ReadAsync(patience.Token);
            Judge(said);
            return said;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("Nobody gets on. What was said last:\n" + string.Join('\n', _log.TakeLast(60)));
        }
    }

    private void Judge(Said said)
    {
        _log.Add($"{said.Who} {said.What} {said.Number:x}");
        if (said.What is not ("take" or "use")) return;
        // Never may two come with the same token.
        Assert.True(
            _owners.TryAdd(said.Number, said.Who) || _owners[said.Number] == said.Who, string.Join('\n', _log));
        if (said.What != "use") return;
        if (said.Number < _highest) Refused++;
        else _highest = said.Number;
    }

    private async Task ListenAsync(int who, Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && long.TryParse(
                line.AsSpan(space + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                _said.Writer.TryWrite(new Said(who, line[..space], number));
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
