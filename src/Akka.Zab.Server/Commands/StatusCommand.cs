using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Akka.Zab.Server.Commands;

/// <summary><c>zab status</c>: what the servers say of themselves.</summary>
internal static class StatusCommand
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var servers = new Option<string>("--servers")
        {
            Description = "The servers to ask, separated by commas.",
            HelpName = "host:port,...",
            DefaultValueFactory = _ => "127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("status", "Shows role, epoch, zxid, sessions, znodes and latency of each server.")
        {
            servers, json,
        };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(servers), parsed.GetValue(json), stop));
        return command;
    }

    static async Task<int> RunAsync(string servers, bool json, CancellationToken stop)
    {
        var addresses = servers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length == 0) throw new RefusedException("--servers names no server.");
        var reports = await Task.WhenAll(addresses.Select(address => ServerReport.AskAsync(address, _patience, stop)));

        if (json) WriteJson(reports);
        else WriteTable(reports);
        if (reports.All(report => report.Role == ServerReport.Unreachable))
            throw new RefusedException($"No server answers at {string.Join(", ", addresses)}.");
        return ExitCode.Ok;
    }

    static void WriteTable(ServerReport[] reports)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("Server", "Role", "Epoch", "Zxid", "Sessions", "Connections", "Znodes", "Latency min/avg/max");
        foreach (var report in reports)
        {
            var role = report switch
            {
                { Leads: true } => $"[green]{report.Role}[/]",
                { Serves: true } => report.Role,
                _ => $"[red]{report.Role}[/]",
            };
            if (!report.Serves) table.AddRow(Markup.Escape(report.Address), role);
            else
                table.AddRow(
                    Markup.Escape(report.Address), role, Text(report.Epoch), $"0x{report.Zxid:x}",
                    Text(report.Sessions), Text(report.Connections), Text(report.Znodes), Latency(report));
        }
        AnsiConsole.Write(table);
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Latency(ServerReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.LatencyMinMs:0}/{report.LatencyAverageMs:0.0##}/{report.LatencyMaxMs:0} ms");

    static void WriteJson(ServerReport[] reports)
    {
        using var output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var report in reports) Write(writer, report);
            writer.WriteEndArray();
        }
        output.WriteByte((byte)'\n');
    }

    static void Write(Utf8JsonWriter writer, ServerReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("server", report.Address);
        writer.WriteString("role", report.Role);
        writer.WriteBoolean("serving", report.Serves);
        if (report.Serves)
        {
            writer.WriteNumber("epoch", report.Epoch);
            writer.WriteString("zxid", $"0x{report.Zxid:x}");
            writer.WriteNumber("sessions", report.Sessions);
            writer.WriteNumber("connections", report.Connections);
            writer.WriteNumber("outstanding", report.Outstanding);
            writer.WriteNumber("znodes", report.Znodes);
            writer.WriteNumber("latencyMinMs", report.LatencyMinMs);
            writer.WriteNumber("latencyAverageMs", report.LatencyAverageMs);
            writer.WriteNumber("latencyMaxMs", report.LatencyMaxMs);
            writer.WriteString("version", report.Version);
        }
        writer.WriteEndObject();
    }
}
