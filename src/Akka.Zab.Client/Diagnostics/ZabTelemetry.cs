namespace Akka.Zab.Client;

/// <summary>
/// What a <see cref="ZabClient"/> and the recipes tell of themselves: the names to give to
/// <c>AddMeter</c> and <c>AddSource</c> of OpenTelemetry, or to a <c>MeterListener</c> and an <c>ActivityListener</c>.
/// Names and attributes are those of OpenTelemetry's semantic conventions for database clients, version 1.36.0, where
/// these have one, and begin with <c>zab.</c> where not. While nobody listens nothing is measured and nothing is
/// allocated.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Metric</term><description>What it is</description></listheader>
/// <item><term><c>db.client.operation.duration</c></term><description>
/// Histogram, seconds: from the call to its answer, the wait for a connection included. By
/// <c>db.operation.name</c>; <c>error.type</c> and <c>db.response.status_code</c>, which are the name of a
/// <see cref="ZabError"/>, or <c>cancelled</c> where the caller stopped waiting; <c>server.address</c> and
/// <c>server.port</c>.</description></item>
/// <item><term><c>zab.client.operation.active</c></term><description>
/// Up-down counter: calls that wait for an answer, by <c>db.operation.name</c>.</description></item>
/// <item><term><c>zab.client.operation.retries</c></term><description>
/// Counter: calls that were asked again of another server, by <c>db.operation.name</c>. Only what is safe to repeat is.
/// </description></item>
/// <item><term><c>db.client.connection.count</c></term><description>
/// Up-down counter: open clients, by <c>db.client.connection.state</c>: <c>connected</c> or <c>disconnected</c>.
/// </description></item>
/// <item><term><c>zab.client.connection.changes</c></term><description>
/// Counter: changes of the connection's state, by the new one: <c>connected</c>, <c>disconnected</c>, <c>expired</c>,
/// <c>closed</c>.</description></item>
/// <item><term><c>zab.client.connection.interruption.duration</c></term><description>
/// Histogram, seconds: how long a client that was connected was not; with <c>error.type</c> if that was the end of its
/// session. Its count is the number of reconnects.</description></item>
/// <item><term><c>zab.client.watch.events</c></term><description>
/// Counter: watch events received, by <c>zab.watch.event.type</c>.</description></item>
/// <item><term><c>zab.client.hold.count</c></term><description>
/// Up-down counter: locks, permits and leads that are held, by <c>zab.recipe</c>.</description></item>
/// <item><term><c>zab.client.hold.losses</c></term><description>
/// Counter: holds that were lost before they were let go, by <c>zab.recipe</c>.</description></item>
/// <item><term><c>zab.client.hold.wait.duration</c></term><description>
/// Histogram, seconds: from asking to holding, by <c>zab.recipe</c>; with <c>error.type</c> if it came to nothing:
/// <c>busy</c>, <c>cancelled</c> or the name of a <see cref="ZabError"/>.</description></item>
/// </list>
/// <para>
/// All have <c>db.system.name</c>, which is <c>akka.zab</c> over Akka's messages and <c>zookeeper</c> over ZooKeeper's
/// protocol, and <c>db.namespace</c>, the chroot, if there is one.
/// </para>
/// <para>
/// Each call is a span of kind <c>CLIENT</c>, named by its operation and the chroot, with the attributes of the metric
/// and <c>zab.path</c>; an operation that is asked again has an event <c>retry</c> in its span. The wait for a hold is
/// a span, too, named after its recipe; the calls that it takes are its children.
/// </para>
/// </remarks>
public static class ZabTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Akka.Zab.Client";

    /// <summary>The name of the source of spans.</summary>
    public const string ActivitySourceName = "Akka.Zab.Client";

    /// <summary>The version of the semantic conventions that names and attributes follow.</summary>
    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.36.0";
}
