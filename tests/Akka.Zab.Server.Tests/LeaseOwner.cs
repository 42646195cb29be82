using System.Diagnostics;
using System.Globalization;

namespace Akka.Zab.Server.Tests;

/// <summary>The owner of a lease in a process of its own (<see cref="Program"/>).</summary>
internal sealed class LeaseOwner : IAsyncDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    readonly Process _process;

    LeaseOwner(Process process) => _process = process;

    /// <summary>Starts one whose session has a timeout of 4 s.</summary>
    public static async Task<LeaseOwner> StartAsync(string name, string servers, string more = "")
    {
        var config = $$"""
            akka.loglevel = ERROR
            akka.stdout-loglevel = ERROR
            my-lease {
              lease-class = "Akka.Zab.Client.Coordination.ZabLease, Akka.Zab.Client"
              connect-string = "{{servers}}"
              session-timeout = 4s
              lease-operation-timeout = 30s
            }
            {{more}}
            """;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { typeof(LeaseOwner).Assembly.Location, name, config },
        };
        var owner = new LeaseOwner(Process.Start(start)!);
        await owner.ReadAsync("made");
        return owner;
    }

    /// <summary>Whether it got the lease, and when it knew.</summary>
    public async Task<(bool Acquired, long At)> AcquireAsync()
    {
        Ask("acquire");
        var answer = (await ReadAsync("acquired")).Split(' ');
        return (bool.Parse(answer[1]), long.Parse(answer[2], CultureInfo.InvariantCulture));
    }

    /// <summary>Tries until it has the lease; when it knew.</summary>
    public async Task<long> AcquireAtLastAsync()
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < _patience)
            if (await AcquireAsync() is (true, var at)) return at;
        throw new TimeoutException("The lease is not freed.");
    }

    public async Task<bool> CheckAsync()
    {
        Ask("check");
        return await ReadAsync("checked") == "checked True";
    }

    public async Task ReleaseAsync()
    {
        Ask("release");
        Assert.Equal("released True", await ReadAsync("released"));
    }

    public async Task TerminateSystemAsync()
    {
        Ask("terminate");
        await ReadAsync("terminated");
    }

    /// <summary>Has it look again and again from now on whether it holds the lease.</summary>
    public async Task LookUntilLostAsync()
    {
        Ask("until-lost");
        await ReadAsync("holds");
    }

    /// <summary>When it last began to look and was told that it holds the lease.</summary>
    public async Task<long> LastHeldAsync() =>
        long.Parse((await ReadAsync("lost")).Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Joins a cluster, or founds one; its address there.</summary>
    public async Task<string> JoinAsync(string seed = "akka://self")
    {
        Ask(seed);
        return (await ReadAsync("up")).Split(' ')[1];
    }

    /// <summary>Waits until it is the only member of its cluster.</summary>
    public async Task AloneAsync()
    {
        Ask("alone");
        Assert.Equal("alone True", await ReadAsync("alone"));
    }

    /// <summary>Has it wait for the end of its actor system from now on.</summary>
    public async Task WaitForTheEndAsync()
    {
        Ask("ended");
        await ReadAsync("waits");
    }

    public Task EndAsync() => ReadAsync("ended");

    /// <summary>Kill -9, or another signal.</summary>
    public void Signal(string signal) => ZabProcess.Signal(_process.Id, signal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    void Ask(string word) => _process.StandardInput.WriteLine(word);

    async Task<string> ReadAsync(string expected)
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(_patience);
        Assert.StartsWith(expected, line);
        return line!;
    }
}
