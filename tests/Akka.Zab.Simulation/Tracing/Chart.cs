using System.Text;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation;

/// <summary>
/// The last steps of a run as a chart: a column for each server, an arrow for each message from one to another, and in
/// its own column what a server or its disk does. Pings are left out.
/// </summary>
internal static class Chart
{
    private const int Width = 12;

    /// <param name="world">The world.</param>
    /// <param name="lines">How many lines, at most.</param>
    public static string Of(World world, int lines)
    {
        var servers = world.Servers.Length;
        var text = new StringBuilder("time (s)      ");
        for (var id = 1; id <= servers; id++)
            text.Append($"server {id}".PadRight(Width));
        text.Append('\n');
        foreach (var entry in world.Trace.Last(int.MaxValue).Where(IsShown).TakeLast(lines))
            Line(text, servers, entry);
        return text.ToString();
    }

    private static bool IsShown(Trace.Entry entry) =>
        entry.What is not (Akka.Zab.Protocol.PeerPing or Akka.Zab.Protocol.PeerPong);

    private static void Line(StringBuilder text, int servers, in Trace.Entry entry)
    {
        text.Append(Trace.Seconds(entry.At).PadLeft(11)).Append("   ");
        var columns = new char[servers * Width];
        Array.Fill(columns, ' ');
        for (var id = 1; id <= servers; id++)
            columns[Column(id)] = '|';
        var what = MessageText.Of(entry.What);
        switch (entry.Kind)
        {
            case TraceKind.Arrives or TraceKind.Lost:
                Arrow(columns, Column(entry.From), Column(entry.To), entry.Kind == TraceKind.Lost);
                break;
            case TraceKind.Server:
                columns[Column(entry.From)] = 'O';
                break;
            case TraceKind.Disk:
                columns[Column(entry.From)] = '#';
                what = "disk: " + what;
                break;
            case TraceKind.Client:
                if (entry.To != 0)
                    columns[Column(entry.To)] = 'c';
                what = $"client {entry.From}: {what}";
                break;
            default:
                what = MessageText.Line(new StringBuilder(), entry).ToString(13..);
                break;
        }

        text.Append(columns).Append(' ').Append(what).Append('\n');
    }

    private static int Column(int server) => ((server - 1) * Width) + 3;

    private static void Arrow(char[] columns, int from, int to, bool lost)
    {
        var step = Math.Sign(to - from);
        for (var at = from + step; at != to; at += step)
        {
            if (columns[at] != '|')
                columns[at] = '-';
        }

        if (step == 0)
            return;
        columns[from] = '*';
        columns[to - step] = lost ? 'x' : step > 0 ? '>' : '<';
    }

    private static string ToString(this StringBuilder text, Range range) => text.ToString()[range];
}
