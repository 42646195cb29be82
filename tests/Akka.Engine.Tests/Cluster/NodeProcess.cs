using System.Diagnostics;
using Akka.Actor;
using Akka.Engine.Tests.Remote;

namespace Akka.Engine.Tests.Cluster;

/// <summary>A node of a cluster in a process of its own, which can be stopped as a debugger does it.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private NodeProcess(Process process, Address address) => (_process, Address) = (process, address);

    public Address Address { get; }

    /// <summary>Starts a node and waits until it is Up.</summary>
    public static async Task<NodeProcess> StartAsync(Address seed, string config)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { typeof(NodeProcess).Assembly.Location, seed.ToString(), config },
        };
        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith("akka.tcp://", StringComparison.Ordinal))
                return new NodeProcess(process, Address.Parse(line));
        throw new InvalidOperationException($"The node ended with {process.ExitCode} before it was Up.");
    }

    /// <summary>Not an instruction more until <see cref="Continue"/>.</summary>
    public void Pause() => Signal("STOP");

    public void Continue() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        Continue();
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Node.Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }
}
