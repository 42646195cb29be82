using System.Runtime.InteropServices;

namespace Akka.Zab.Server;

/// <summary>
/// Becomes cancelled when the process is asked to stop: Ctrl-C, SIGTERM, or the end of standard input if that is
/// watched.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly PosixSignalRegistration[] _signals;

    public StopSignal()
        => _signals = [Register(PosixSignal.SIGINT), Register(PosixSignal.SIGTERM), Register(PosixSignal.SIGQUIT)];

    public CancellationToken Token => _stop.Token;

    /// <summary>
    /// Stops when standard input ends. The parent holds the other end of that pipe, so it ends with the parent, however
    /// the parent dies.
    /// </summary>
    public void WatchStandardInput()
    {
        var thread = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            Span<byte> ignored = stackalloc byte[64];
            while (input.Read(ignored) > 0)
            {
            }
            Request();
        })
        { IsBackground = true, Name = "standard input" };
        thread.Start();
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Request();
    });

    void Request() => _stop.Cancel();
}
