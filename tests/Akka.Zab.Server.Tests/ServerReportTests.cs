namespace Akka.Zab.Server.Tests;

public class ServerReportTests
{
    const string Srvr = """
        Zookeeper version: 3.9.0-akka.zab-0.1.0, built on 2026-01-01 00:00 UTC
        Latency min/avg/max: 0/1.1538/13
        Received: 140
        Sent: 141
        Connections: 3
        Outstanding: 2
        Zxid: 0x50000000b
        Mode: leader
        Node count: 27
        Proposal sizes last/min/max: 36/36/48

        """;

    [Fact]
    public void The_answer_to_srvr_is_read()
    {
        var report = ServerReport.FromSrvr("h:1", Srvr);
        Assert.True(report is { Leads: true, Serves: true, Role: "leader" });
        Assert.Equal((5L, 0x50000000bL), (report.Epoch, report.Zxid));
        Assert.Equal((3L, 27L, 2L), (report.Connections, report.Znodes, report.Outstanding));
        Assert.Equal((0.0, 1.1538, 13.0), (report.LatencyMinMs, report.LatencyAverageMs, report.LatencyMaxMs));
        Assert.Equal("3.9.0-akka.zab-0.1.0", report.Version);
    }

    [Fact]
    public void A_server_that_serves_nobody_is_told_by_its_sentence()
    {
        var report = ServerReport.FromSrvr("h:1", "This ZooKeeper instance is not currently serving requests");
        Assert.Equal(ServerReport.NotServing, report.Role);
        Assert.False(report.Serves);
    }

    [Theory]
    [InlineData("host:2182", "host", 2182)]
    [InlineData("host", "host", 2181)]
    [InlineData("[::1]:2181", "::1", 2181)]
    public void An_address_is_a_host_and_a_port(string address, string host, int port)
        => Assert.Equal((host, port), ServerReport.Split(address));

    [Theory]
    [InlineData("host:")]
    [InlineData("host:x")]
    [InlineData("host:70000")]
    [InlineData(":2181")]
    public void Anything_else_is_refused_in_one_sentence(string address)
        => Assert.EndsWith(".", Assert.Throws<RefusedException>(() => ServerReport.Split(address)).Message);
}
