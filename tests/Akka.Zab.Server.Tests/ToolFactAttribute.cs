using Xunit.Abstractions;
using Xunit.Sdk;

namespace Akka.Zab.Server.Tests;

/// <summary>
/// A test that needs what is not part of .NET. It is skipped where one of the files is not there, and where it throws a
/// <see cref="MissingException"/>.
/// </summary>
[XunitTestCaseDiscoverer("Akka.Zab.Server.Tests.ToolFactDiscoverer", "Akka.Zab.Server.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] files)
    {
        if (Array.Find(files, file => !File.Exists(file)) is { } missing) Skip = $"{missing} is not installed.";
    }
}

/// <summary>What a test needs turned out not to be there; the message is the reason to skip it.</summary>
public sealed class MissingException(string message) : Exception(message);

internal sealed class ToolFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        yield return new ToolTestCase(
            diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
    }
}

internal sealed class ToolTestCase : XunitTestCase
{
    [Obsolete("Only for deserialization.")]
    public ToolTestCase()
    {
    }

    public ToolTestCase(
        IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments,
        ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource)
    {
        using var bus = new SkippingBus(messageBus);
        var summary = await base.RunAsync(
            diagnosticMessageSink, bus, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= bus.Skipped;
        summary.Skipped += bus.Skipped;
        return summary;
    }

    /// <summary>Turns failures by <see cref="MissingException"/> into skipped tests.</summary>
    sealed class SkippingBus(IMessageBus bus) : IMessageBus
    {
        public int Skipped { get; private set; }

        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is not ITestFailed failed || failed.ExceptionTypes[0] != typeof(MissingException).FullName)
                return bus.QueueMessage(message);
            Skipped++;
            return bus.QueueMessage(new TestSkipped(failed.Test, failed.Messages[0]));
        }

        public void Dispose()
        {
            // The bus belongs to the runner.
        }
    }
}
