using System.Diagnostics;

namespace Akka.Zab.Benchmarks.Wire;

/// <summary>What a load saw.</summary>
/// <param name="PerSecond">Replies.</param>
/// <param name="P50Ms">Half of the replies came within so long of their requests.</param>
/// <param name="P99Ms">99 of 100 did.</param>
/// <param name="StallMs">The longest time without any reply.</param>
/// <param name="ServerStallMs">The longest time without any reply of one of the servers.</param>
/// <param name="MachineMs">The longest time that a thread overslept which only sleeps a millisecond at a time.</param>
internal sealed record LoadFigures(
    double PerSecond, double P50Ms, double P99Ms, double StallMs, double ServerStallMs, double MachineMs);

/// <summary>
/// Requests over a number of sessions: as many as the windows allow, or at a rate that is given, which is what tells
/// systems of different speed apart at the same load. A request that is due while all windows are full waits, and its
/// time runs from when it leaves, which favours the slower system.
/// </summary>
internal sealed class WireLoad : IDisposable
{
    private const int Keys = 64;
    private const int ReadPercent = 90;

    private readonly Session[] sessions;
    private readonly Silence[] servers;
    private readonly Silence machine = new();
    private volatile Silence any = new();
    private volatile bool stopping;

    /// <summary>Opens the sessions, one server after the other, and makes the znodes that they read and write.</summary>
    public WireLoad(IReadOnlyList<int> ports, int connections = 12, int window = 64, int valueBytes = 128)
    {
        servers = [.. ports.Select(_ => new Silence())];
        var root = $"/load-{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}";
        var value = Enumerable.Repeat((byte)'x', valueBytes).ToArray();
        sessions = [.. Enumerable.Range(0, connections).Select(i =>
            new Session(WireConnection.Open(ports[i % ports.Count], window), $"{root}/c{i}", value, i % ports.Count, i))];
        sessions[0].Call(WireConnection.Create(root, []));
        foreach (var session in sessions)
            session.Prepare();
    }

    /// <summary>Reads, writes, or nine reads to each write.</summary>
    /// <param name="mode">get, set or mixed.</param>
    /// <param name="perSecond">How many requests to send a second; null for as many as are answered.</param>
    /// <param name="time">For how long.</param>
    public LoadFigures Run(string mode, double? perSecond, TimeSpan time)
    {
        stopping = false;
        any = new Silence();
        for (var i = 0; i < servers.Length; i++)
            servers[i] = new Silence();
        var reads = mode switch { "get" => 100, "set" => 0, "mixed" => ReadPercent, _ => throw new ArgumentException(mode) };
        foreach (var session in sessions)
            session.Begin(reads);
        if (perSecond is null)
        {
            foreach (var session in sessions)
                session.Send(session.Connection.Window);
        }

        var replying = sessions.Select(session => Start(() => Receive(session, refill: perSecond is null))).ToArray();
        var pause = TimeSpan.Zero;
        var sleeper = Start(() => pause = Sleep());
        var watch = Stopwatch.StartNew();
        if (perSecond is { } rate)
            Pace(rate, time);
        else
            Thread.Sleep(time);

        var took = watch.Elapsed;
        var figures = new LoadFigures(
            sessions.Sum(session => session.Replies) / took.TotalSeconds,
            Histogram.Quantile(sessions.Select(session => session.Latencies), 0.5),
            Histogram.Quantile(sessions.Select(session => session.Latencies), 0.99),
            any.LongestMs,
            servers.Max(server => server.LongestMs),
            0);
        stopping = true;
        if (perSecond is not null)
        {
            // So that no receiver waits for what nobody has asked for.
            foreach (var session in sessions)
                session.Send(1);
        }

        foreach (var thread in replying)
            thread.Join();
        sleeper.Join();
        return figures with { MachineMs = pause.TotalMilliseconds };
    }

    public void Dispose()
    {
        foreach (var session in sessions)
            session.Connection.Dispose();
    }

    private static Thread Start(ThreadStart run)
    {
        var thread = new Thread(run) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Receive(Session session, bool refill)
    {
        var server = servers[session.Server];
        while (!stopping || session.Connection.UnderWay > 0)
        {
            var replies = session.Connection.Receive(session.Latencies);
            if (replies == 0)
                throw new InvalidDataException("The server ended a connection.");
            session.Replies += replies;
            server.Break();
            any.Break();
            if (refill && !stopping)
                session.Send(session.Connection.Window - session.Connection.UnderWay);
        }
    }

    /// <summary>What has become due goes out about every millisecond, to one session after the other.</summary>
    private void Pace(double rate, TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        var sent = 0L;
        var next = 0;
        while (watch.Elapsed < time)
        {
            var due = (long)(watch.Elapsed.TotalSeconds * rate) - sent;
            for (var tried = 0; due > 0 && tried < sessions.Length; tried++)
            {
                var session = sessions[next++ % sessions.Length];
                var share = (int)Math.Min(
                    (due + sessions.Length - tried - 1) / (sessions.Length - tried),
                    session.Connection.Window - session.Connection.UnderWay);
                session.Send(share);
                sent += share;
                due -= share;
            }

            Thread.Sleep(1);
        }
    }

    private TimeSpan Sleep()
    {
        var longest = TimeSpan.Zero;
        while (!stopping)
        {
            var began = Stopwatch.GetTimestamp();
            Thread.Sleep(1);
            var took = Stopwatch.GetElapsedTime(began);
            longest = took > longest ? took : longest;
        }

        return longest;
    }

    /// <summary>A session, its znodes, and what it does.</summary>
    private sealed class Session(WireConnection connection, string folder, byte[] value, int server, int seed)
    {
        private readonly byte[][] gets = [.. Enumerable.Range(0, Keys).Select(key => WireConnection.Get($"{folder}/k{key}"))];
        private readonly byte[][] sets = [.. Enumerable.Range(0, Keys).Select(key => WireConnection.Set($"{folder}/k{key}", value))];
        private uint random = (uint)(seed + 1) * 2654435761;
        private int reads;
        private int key;

        public WireConnection Connection => connection;

        public int Server => server;

        public Histogram Latencies { get; private set; } = new();

        public long Replies { get; set; }

        public void Prepare()
        {
            Call(WireConnection.Create(folder, []));
            for (var i = 0; i < Keys; i++)
                Call(WireConnection.Create($"{folder}/k{i}", value));
        }

        public void Call(byte[] request)
        {
            connection.Pipeline(request);
            connection.Finish();
        }

        public void Begin(int readPercent)
        {
            reads = readPercent;
            Latencies = new Histogram();
            Replies = 0;
        }

        /// <summary>Sends so many requests in one write.</summary>
        public void Send(int count)
        {
            if (count <= 0)
                return;
            for (; count > 0; count--)
            {
                random ^= random << 13;
                random ^= random >> 17;
                random ^= random << 5;
                key = (key + 1) % Keys;
                connection.Append(random % 100 < reads ? gets[key] : sets[key]);
            }

            connection.Flush();
        }
    }
}
