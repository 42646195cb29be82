using System.Net;
using System.Net.Sockets;

namespace Akka.Zab.Recipes.Tests.Processes;

/// <summary>How a network may treat those who talk through it.</summary>
internal enum Fault
{
    /// <summary>Well.</summary>
    None,

    /// <summary>Connections are reset, and new ones too.</summary>
    Reset,

    /// <summary>What is sent is held up, and arrives when it is over.</summary>
    Stall,

    /// <summary>What is sent is lost, and with it everything on that connection.</summary>
    Drop,
}

/// <summary>A proxy for TCP that can be a bad network.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly string _host;
    private readonly int _port;
    private TaskCompletionSource _healed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Fault _fault;

    private FaultyProxy(string server)
    {
        var colon = server.LastIndexOf(':');
        _host = server[..colon];
        _port = int.Parse(server.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        _healed.SetResult();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static FaultyProxy Start(string server)
    {
        var proxy = new FaultyProxy(server);
        proxy._listener.Start();
        _ = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>From now on the network is like this.</summary>
    public void Become(Fault fault)
    {
        lock (_lock)
        {
            var before = _fault;
            _fault = fault;
            if (fault == Fault.Stall) _healed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            // Of a connection that something was lost on the rest is worth nothing.
            if (fault == Fault.Reset || before == Fault.Drop) ResetAll();
            if (fault != Fault.Stall) _healed.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        lock (_lock)
        {
            _healed.TrySetResult();
            ResetAll();
        }
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_over.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_lock)
        {
            _sockets.Add(client);
            _sockets.Add(server);
            if (_fault == Fault.Reset)
            {
                ResetAll();
                return;
            }
        }
        try
        {
            await server.ConnectAsync(_host, _port);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // So it is with networks.
        }
        lock (_lock)
        {
            Close(client);
            Close(server);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                Task healed;
                lock (_lock)
                {
                    if (_fault == Fault.Drop) continue;
                    healed = _healed.Task;
                }
                await healed;
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is broken.
        }
    }

    private void ResetAll()
    {
        foreach (var socket in _sockets.ToArray()) Close(socket);
    }

    private void Close(Socket socket)
    {
        _sockets.Remove(socket);
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
