using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Akka.Zab.Benchmarks.Wire;

/// <summary>
/// A session spoken by hand, with any number of requests under way: what is appended leaves in one write, and what has
/// come is read at once. One thread may append and flush while another receives. Nothing is allocated for a request.
/// </summary>
internal sealed class WireConnection : IDisposable
{
    private const int CreateType = 1;
    private const int ReadType = 4;
    private const int SetType = 5;
    private const int ChildrenType = 8;
    private const int AddWatchType = 106;
    private const int TimeoutMs = 30_000;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly long[] sentAt;
    private byte[] output = new byte[1 << 16];
    private byte[] input = new byte[1 << 18];
    private int outputLength;
    private int inputLength;
    private int issued;
    private int answered;

    private WireConnection(int window) => sentAt = new long[window];

    /// <summary>Requests that have no reply yet, appended ones included.</summary>
    public int UnderWay => Volatile.Read(ref issued) - Volatile.Read(ref answered);

    public int Window => sentAt.Length;

    /// <summary>Opens a session with the server at a port of this machine.</summary>
    /// <param name="port">The server's port for clients.</param>
    /// <param name="window">How many requests may be under way.</param>
    /// <exception cref="SocketException">There is no server.</exception>
    /// <exception cref="InvalidDataException">The server wants no session now.</exception>
    public static WireConnection Open(int port, int window)
    {
        var connection = new WireConnection(window);
        try
        {
            connection.socket.Connect(IPAddress.Loopback, port);
            var request = new byte[49];
            BinaryPrimitives.WriteInt32BigEndian(request, 45);
            BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(16), TimeoutMs);
            BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(28), 16);
            connection.socket.Send(request);
            var reply = connection.ReceiveFrame();
            if (BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(4)) <= 0)
                throw new InvalidDataException("The session was refused.");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A request to read a znode, to be appended any number of times.</summary>
    public static byte[] Get(string path) => Frame(ReadType, writer =>
    {
        Text(writer, path);
        writer.Write(false);
    });

    /// <summary>A request to set a znode's data, whatever its version.</summary>
    public static byte[] Set(string path, byte[] data) => Frame(SetType, writer =>
    {
        Text(writer, path);
        Bytes(writer, data);
        Number(writer, -1);
    });

    /// <summary>A request to create a znode that is open to everybody.</summary>
    public static byte[] Create(string path, byte[] data) => Frame(CreateType, writer =>
    {
        Text(writer, path);
        Bytes(writer, data);
        Number(writer, 1);
        Number(writer, 31);
        Text(writer, "world");
        Text(writer, "anyone");
        Number(writer, 0);
    });

    /// <summary>A request for the names of a znode's children.</summary>
    public static byte[] Children(string path) => Frame(ChildrenType, writer =>
    {
        Text(writer, path);
        writer.Write(false);
    });

    /// <summary>A request for a persistent watch on a path, whether there is a znode or not.</summary>
    public static byte[] AddWatch(string path) => Frame(AddWatchType, writer =>
    {
        Text(writer, path);
        Number(writer, 0);
    });

    /// <summary>Puts a request behind those that leave with the next flush.</summary>
    public void Append(byte[] request)
    {
        if (outputLength + request.Length > output.Length)
            Array.Resize(ref output, Math.Max(output.Length * 2, outputLength + request.Length));
        request.CopyTo(output, outputLength);
        BinaryPrimitives.WriteInt32BigEndian(output.AsSpan(outputLength + 4), issued + 1);
        outputLength += request.Length;
        sentAt[issued % sentAt.Length] = Stopwatch.GetTimestamp();
        Volatile.Write(ref issued, issued + 1);
    }

    /// <summary>Appends a request; when the window is full, sends what there is and waits for some replies.</summary>
    public void Pipeline(byte[] request)
    {
        while (UnderWay == Window)
        {
            Flush();
            if (Receive(null) == 0)
                throw new InvalidDataException("The server ended the connection.");
        }

        Append(request);
    }

    /// <summary>Sends what was appended and waits for every reply.</summary>
    public void Finish()
    {
        Flush();
        while (UnderWay > 0)
        {
            if (Receive(null) == 0)
                throw new InvalidDataException("The server ended the connection.");
        }
    }

    /// <summary>Sends everything that was appended.</summary>
    public void Flush()
    {
        for (var sent = 0; sent < outputLength;)
            sent += socket.Send(output, sent, outputLength - sent, SocketFlags.None);
        outputLength = 0;
    }

    /// <summary>
    /// Waits until something has come, and takes all of it. Watch events and pings are passed over.
    /// </summary>
    /// <param name="latencies">Has the time of each reply added, from when its request was appended; or null.</param>
    /// <returns>How many replies came; 0 if the connection was ended.</returns>
    /// <exception cref="InvalidDataException">A reply out of order, or one that says that a request failed.</exception>
    public int Receive(Histogram? latencies)
    {
        var replies = 0;
        while (replies == 0)
        {
            var count = socket.Receive(input, inputLength, input.Length - inputLength, SocketFlags.None);
            if (count == 0)
                return 0;
            inputLength += count;
            replies = Take(latencies);
        }

        return replies;
    }

    public void Dispose() => socket.Dispose();

    private int Take(Histogram? latencies)
    {
        var now = Stopwatch.GetTimestamp();
        var replies = 0;
        var at = 0;
        while (inputLength - at >= 4)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(input.AsSpan(at));
            if (4 + length > input.Length)
                Array.Resize(ref input, 2 * (4 + length));
            if (inputLength - at - 4 < length)
                break;
            var reply = input.AsSpan(at + 4, length);
            at += 4 + length;
            var xid = BinaryPrimitives.ReadInt32BigEndian(reply);
            if (xid < 0)
                continue;
            if (xid != answered + 1)
                throw new InvalidDataException($"A reply has xid {xid}, not {answered + 1}.");
            var error = BinaryPrimitives.ReadInt32BigEndian(reply[12..]);
            if (error != 0)
                throw new InvalidDataException($"A request failed with {error}.");
            latencies?.Add(now - sentAt[answered % sentAt.Length]);
            Volatile.Write(ref answered, answered + 1);
            replies++;
        }

        inputLength -= at;
        Array.Copy(input, at, input, 0, inputLength);
        return replies;
    }

    private byte[] ReceiveFrame()
    {
        var length = new byte[4];
        Fill(length);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        Fill(frame);
        return frame;
    }

    private void Fill(byte[] bytes)
    {
        for (var received = 0; received < bytes.Length;)
        {
            var count = socket.Receive(bytes, received, bytes.Length - received, SocketFlags.None);
            received += count > 0 ? count : throw new InvalidDataException("The server ended the connection.");
        }
    }

    private static byte[] Frame(int type, Action<BinaryWriter> body)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Number(writer, 0);
        Number(writer, 0);
        Number(writer, type);
        body(writer);
        var frame = stream.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }

    private static void Number(BinaryWriter writer, int value) => writer.Write(BinaryPrimitives.ReverseEndianness(value));

    private static void Text(BinaryWriter writer, string value) => Bytes(writer, Encoding.UTF8.GetBytes(value));

    private static void Bytes(BinaryWriter writer, byte[] value)
    {
        Number(writer, value.Length);
        writer.Write(value);
    }
}
