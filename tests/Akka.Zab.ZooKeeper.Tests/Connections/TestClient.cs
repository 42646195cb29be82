using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Akka.Actor;
using Akka.Zab.ZooKeeper.Connections;
using Akka.Zab.ZooKeeper.Words;

namespace Akka.Zab.ZooKeeper.Tests.Connections;

/// <summary>
/// The client's end of a connection whose other end is the product's, over pipes instead of a socket.
/// </summary>
internal sealed class TestClient
{
    readonly Pipe _toServer;
    readonly Pipe _toClient;
    readonly CancellationTokenSource _closed = new();
    readonly Task _running;

    public TestClient(
        IActorRef registry, ConnectionLimits? limits = null, Func<WordCommand, Task<string>>? words = null,
        int serverBuffer = 1 << 20, OutstandingBudget? budget = null)
    {
        _toServer = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        _toClient = new Pipe(
            new PipeOptions(pauseWriterThreshold: serverBuffer, resumeWriterThreshold: serverBuffer / 2));
        Connection = new ClientConnection(
            new Duplex(_toServer.Reader, _toClient.Writer),
            "127.0.0.1:1234",
            registry,
            limits ?? new ConnectionLimits(),
            words ?? (command => Task.FromResult(
                command.Argument == 0 ? $"<{command.Word}>" : $"<{command.Word} {command.Argument}>")),
            (_, fault) => Fault = fault, budget);
        _running = RunAsync();
    }

    public ClientConnection Connection { get; }

    public Exception? Fault { get; private set; }

    /// <summary>Completes when the server's side has ended.</summary>
    public Task Ended => _running.WaitAsync(Patience);

    public static TimeSpan Patience => TimeSpan.FromSeconds(20);

    public Task SendAsync(params byte[][] frames)
    {
        foreach (var frame in frames) _toServer.Writer.Write(frame);
        return _toServer.Writer.FlushAsync().AsTask();
    }

    /// <summary>The client goes away.</summary>
    public void Hang()
    {
        _toServer.Writer.Complete();
        _closed.Cancel();
    }

    /// <summary>The next frame, its length field included; null at the end.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var result = await _toClient.Reader.ReadAsync(patience.Token);
            var frame = Cut(result.Buffer);
            if (frame is null && !result.IsCompleted)
            {
                _toClient.Reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }
            _toClient.Reader.AdvanceTo(frame is null ? result.Buffer.End : result.Buffer.GetPosition(frame.Length));
            return frame;
        }
    }

    /// <summary>Everything until the server's side ends.</summary>
    public async Task<byte[]> ReceiveAllAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var all = new MemoryStream();
        await _toClient.Reader.CopyToAsync(all, patience.Token);
        return all.ToArray();
    }

    static byte[]? Cut(in ReadOnlySequence<byte> received)
    {
        if (received.Length < 4) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(received.Slice(0, 4).ToArray());
        return received.Length < 4 + length ? null : received.Slice(0, 4 + length).ToArray();
    }

    // As Kestrel does: when the handler returns, both pipes are completed.
    async Task RunAsync()
    {
        await Connection.RunAsync(_closed.Token);
        await _toServer.Reader.CompleteAsync();
        await _toClient.Writer.CompleteAsync();
    }

    sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
