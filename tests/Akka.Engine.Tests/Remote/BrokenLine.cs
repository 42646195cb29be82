using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Akka.Engine.Tests.Remote;

/// <summary>A TCP port that leads to another, until the line is cut.</summary>
internal sealed class BrokenLine : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<Socket> _open = [];
    private volatile bool _cut;
    private volatile TaskCompletionSource? _held;
    private int _target;

    public BrokenLine()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The configuration of a node that is reached through this line only.</summary>
    public string Config(int realPort)
    {
        _target = realPort;
        return $"akka.remote.dot-netty.tcp {{ port = {realPort}, public-port = {Port} }}";
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Breaks all connections, and lets no new ones through.</summary>
    public void Cut()
    {
        _cut = true;
        while (_open.TryTake(out var socket)) socket.Dispose();
    }

    public void Mend() => _cut = false;

    /// <summary>Takes nothing more from either end until <see cref="Release"/>; the connections stay open.</summary>
    public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _held, null)?.SetResult();

    public void Dispose()
    {
        Cut();
        Release();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptAsync();
                if (_cut)
                {
                    near.Dispose();
                    continue;
                }
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(IPAddress.Loopback, _target);
                _open.Add(near);
                _open.Add(far);
                if (_cut) Cut();
                _ = PumpAsync(near, far);
                _ = PumpAsync(far, near);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The line is no more.
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                if (_held is { } held) await held.Task;
                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or closed at one end.
        }
        from.Dispose();
        to.Dispose();
    }
}
