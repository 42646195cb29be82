using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Spectre.Console;

namespace Akka.Zab.Server.Ensemble;

/// <summary>
/// Starts the servers of a development ensemble, tells when it serves and who leads, and keeps it running.
/// </summary>
internal sealed class DevEnsemble(DevOptions options)
{
    static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan _wordPatience = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(25);
    static readonly TimeSpan _oftenEnough = TimeSpan.FromSeconds(1);

    // A server that lasted this long is started again at once; one that did not, only after a pause.
    static readonly TimeSpan _lastedWell = TimeSpan.FromSeconds(10);
    static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(10);

    readonly ServerProcess[] _servers = [.. options.Ids.Select(id => new ServerProcess(options, id))];
    bool _ready;

    public async Task<int> RunAsync()
    {
        using var signal = new StopSignal();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(signal.Token);
        foreach (var id in options.Ids)
        {
            RefuseTakenPort(options.ClientPort + id - 1);
            RefuseTakenPort(options.RemotePort + id - 1);
        }
        Prepare();
        try
        {
            foreach (var server in _servers) server.Start();
            Say($"{options.Servers} servers on {DevOptions.Host}, data in {options.Data}");
            var tasks = new List<Task> { WatchAsync(stop.Token) };
            foreach (var server in _servers) tasks.Add(KeepAsync(server, stop.Token));
            await (await Task.WhenAny(Task.WhenAll(tasks), Failed(tasks)));
            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (signal.Token.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        finally
        {
            await stop.CancelAsync();
            Say("stopping");
            await Task.WhenAll(_servers.Select(server => server.StopAsync(_stopPatience)));
            foreach (var server in _servers) server.Dispose();
        }
    }

    /// <summary>Completes when one of the tasks fails, with its failure.</summary>
    static async Task Failed(IReadOnlyList<Task> tasks)
    {
        var running = tasks.ToList();
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running);
            await ended;
            running.Remove(ended);
        }
    }

    // Otherwise an ensemble that runs already would be taken for this one.
    static void RefuseTakenPort(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Parse(DevOptions.Host), port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new RefusedException(
                e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {port} of {DevOptions.Host} is taken; another ensemble may be running there."
                    : $"Port {port} of {DevOptions.Host} cannot be used: {e.Message}.");
        }
    }

    void Prepare()
    {
        try
        {
            if (options.Fresh && Directory.Exists(options.Data))
                foreach (var folder in Directory.GetDirectories(options.Data).Where(IsServerFolder))
                    Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(options.Data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The data folder {options.Data} cannot be written: {e.Message}");
        }
    }

    // Only what this command made itself.
    static bool IsServerFolder(string folder)
        => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && File.Exists(Path.Combine(folder, ServerProcess.ConfigFile));

    /// <summary>Starts a server that ended again, if that is wanted.</summary>
    async Task KeepAsync(ServerProcess server, CancellationToken stop)
    {
        var pause = _soon;
        while (true)
        {
            var exitCode = await server.ExitAsync(stop);
            if (!_ready && exitCode is ExitCode.Refused or ExitCode.Usage)
                throw new RefusedException(
                    $"Server {server.Id} did not start; its log is {options.Folder(server.Id)}/server.log.");
            if (!options.Restart)
            {
                Say($"server {server.Id} ended with exit code {exitCode}");
                return;
            }
            pause = DateTime.UtcNow - server.StartedAt > _lastedWell ? _soon : pause;
            Say($"server {server.Id} ended with exit code {exitCode}; starting it again");
            await Task.Delay(pause, stop);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 4, _longestPause.Ticks));
            server.Start();
        }
    }

    /// <summary>
    /// Prints the line that says "ready" once every server serves; who leads, whenever that changes; and when a server
    /// that was started again serves again.
    /// </summary>
    async Task WatchAsync(CancellationToken stop)
    {
        string? leader = null;
        var serving = new int[_servers.Length]; // which start of each server is known to serve
        while (true)
        {
            var starts = _servers.Select(server => server.Starts).ToArray();
            var reports = await Task.WhenAll(_servers.Select(server =>
                ServerReport.AskAsync(options.ClientAddress(server.Id), _wordPatience, stop)));

            var leading = Array.FindIndex(reports, report => report.Leads);
            if (leading >= 0)
            {
                var now = $"server {leading + 1} leads, epoch {reports[leading].Epoch}";
                if (now != leader) Say(leader = now);
            }
            for (var i = 0; i < reports.Length; i++)
            {
                // What is heard may be of a process that has died since.
                if (!reports[i].Serves || serving[i] == starts[i] || starts[i] != _servers[i].Starts) continue;
                serving[i] = starts[i];
                if (_ready) Say($"server {i + 1} serves again");
            }
            if (!_ready && leading >= 0 && reports.All(report => report.Serves))
            {
                _ready = true;
                Console.WriteLine($"ready: {string.Join(',', options.Ids.Select(options.ClientAddress))}");
            }
            var settled = _ready && leading >= 0 && reports.All(report => report.Serves);
            await Task.Delay(settled ? _oftenEnough : _soon, stop);
        }
    }

    static void Say(string line) => AnsiConsole.MarkupLineInterpolated($"[grey]zab:[/] {line}");
}
