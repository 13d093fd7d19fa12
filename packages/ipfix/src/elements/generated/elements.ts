// Made by `npm run generate` from registry/. Do not edit.
/** Abstract data types; the index is the number of RFC 5610. */
export const DATA_TYPES = ["octetArray","unsigned8","unsigned16","unsigned32","unsigned64","signed8","signed16","signed32","signed64","float32","float64","boolean","macAddress","string","dateTimeSeconds","dateTimeMilliseconds","dateTimeMicroseconds","dateTimeNanoseconds","ipv4Address","ipv6Address","basicList","subTemplateList","subTemplateMultiList","unsigned256"] as const;
/** Semantics and units; the index is the number of RFC 5610. */
export const SEMANTICS: readonly string[] = ["default","quantity","totalCounter","deltaCounter","identifier","flags","list","snmpCounter","snmpGauge"];
export const UNITS: readonly string[] = ["none","bits","octets","packets","flows","seconds","milliseconds","microseconds","nanoseconds","4-octet words","messages","hops","entries","frames","ports","inferred"];
/** One line an element: id, name, index of the type, of the semantics, of the units, range. */
export const IANA_ELEMENTS = `
1 octetDeltaCount 4 3 2
2 packetDeltaCount 4 3 3
3 deltaFlowCount 4 3 4
4 protocolIdentifier 1 4
5 ipClassOfService 1 4
6 tcpControlBits 2 5
7 sourceTransportPort 2 4
8 sourceIPv4Address 18 0
9 sourceIPv4PrefixLength 1  1 0-32
10 ingressInterface 3 4
11 destinationTransportPort 2 4
12 destinationIPv4Address 18 0
13 destinationIPv4PrefixLength 1  1 0-32
14 egressInterface 3 4
15 ipNextHopIPv4Address 18 0
16 bgpSourceAsNumber 3 4
17 bgpDestinationAsNumber 3 4
18 bgpNextHopIPv4Address 18 0
19 postMCastPacketDeltaCount 4 3 3
20 postMCastOctetDeltaCount 4 3 2
21 flowEndSysUpTime 3  6
22 flowStartSysUpTime 3  6
23 postOctetDeltaCount 4 3 2
24 postPacketDeltaCount 4 3 3
25 minimumIpTotalLength 4  2
26 maximumIpTotalLength 4  2
27 sourceIPv6Address 19 0
28 destinationIPv6Address 19 0
29 sourceIPv6PrefixLength 1  1 0-128
30 destinationIPv6PrefixLength 1  1 0-128
31 flowLabelIPv6 3 4  0-1048575
32 icmpTypeCodeIPv4 2 4
33 igmpType 1 4
34 samplingInterval 3 1 3
35 samplingAlgorithm 1 4
36 flowActiveTimeout 2  5
37 flowIdleTimeout 2  5
38 engineType 1 4
39 engineId 1 4
40 exportedOctetTotalCount 4 2 2
41 exportedMessageTotalCount 4 2 10
42 exportedFlowRecordTotalCount 4 2 4
43 ipv4RouterSc 18 0
44 sourceIPv4Prefix 18 0
45 destinationIPv4Prefix 18 0
46 mplsTopLabelType 1 4
47 mplsTopLabelIPv4Address 18 0
48 samplerId 1 4
49 samplerMode 1 4
50 samplerRandomInterval 3 1
51 classId 1 4
52 minimumTTL 1  11
53 maximumTTL 1  11
54 fragmentIdentification 3 4
55 postIpClassOfService 1 4
56 sourceMacAddress 12 0
57 postDestinationMacAddress 12 0
58 vlanId 2 4
59 postVlanId 2 4
60 ipVersion 1 4
61 flowDirection 1 4
62 ipNextHopIPv6Address 19 0
63 bgpNextHopIPv6Address 19 0
64 ipv6ExtensionHeaders 3 5
70 mplsTopLabelStackSection 0 0
71 mplsLabelStackSection2 0 0
72 mplsLabelStackSection3 0 0
73 mplsLabelStackSection4 0 0
74 mplsLabelStackSection5 0 0
75 mplsLabelStackSection6 0 0
76 mplsLabelStackSection7 0 0
77 mplsLabelStackSection8 0 0
78 mplsLabelStackSection9 0 0
79 mplsLabelStackSection10 0 0
80 destinationMacAddress 12 0
81 postSourceMacAddress 12 0
82 interfaceName 13 0
83 interfaceDescription 13 0
84 samplerName 13
85 octetTotalCount 4 2 2
86 packetTotalCount 4 2 3
87 flagsAndSamplerId 3 4
88 fragmentOffset 2 1  0-8191
89 forwardingStatus 3 4
90 mplsVpnRouteDistinguisher 0 0
91 mplsTopLabelPrefixLength 1 1 1 0-128
92 srcTrafficIndex 3 4
93 dstTrafficIndex 3 4
94 applicationDescription 13 0
95 applicationId 0 0
96 applicationName 13 0
98 postIpDiffServCodePoint 1 4  0-63
99 multicastReplicationFactor 3 1
100 className 13
101 classificationEngineId 1 4
102 layer2packetSectionOffset 2 1
103 layer2packetSectionSize 2 1
104 layer2packetSectionData 0
128 bgpNextAdjacentAsNumber 3 4
129 bgpPrevAdjacentAsNumber 3 4
130 exporterIPv4Address 18 0
131 exporterIPv6Address 19 0
132 droppedOctetDeltaCount 4 3 2
133 droppedPacketDeltaCount 4 3 3
134 droppedOctetTotalCount 4 2 2
135 droppedPacketTotalCount 4 2 3
136 flowEndReason 1 4
137 commonPropertiesId 4 4
138 observationPointId 4 4
139 icmpTypeCodeIPv6 2 4
140 mplsTopLabelIPv6Address 19 0
141 lineCardId 3 4
142 portId 3 4
143 meteringProcessId 3 4
144 exportingProcessId 3 4
145 templateId 2 4
146 wlanChannelId 1 4
147 wlanSSID 13 0
148 flowId 4 4
149 observationDomainId 3 4
150 flowStartSeconds 14 0 5
151 flowEndSeconds 14 0 5
152 flowStartMilliseconds 15 0 6
153 flowEndMilliseconds 15 0 6
154 flowStartMicroseconds 16 0 7
155 flowEndMicroseconds 16 0 7
156 flowStartNanoseconds 17 0 8
157 flowEndNanoseconds 17 0 8
158 flowStartDeltaMicroseconds 3  7
159 flowEndDeltaMicroseconds 3  7
160 systemInitTimeMilliseconds 15 0 6
161 flowDurationMilliseconds 3  6
162 flowDurationMicroseconds 3  7
163 observedFlowTotalCount 4 2 4
164 ignoredPacketTotalCount 4 2 3
165 ignoredOctetTotalCount 4 2 2
166 notSentFlowTotalCount 4 2 4
167 notSentPacketTotalCount 4 2 3
168 notSentOctetTotalCount 4 2 2
169 destinationIPv6Prefix 19 0
170 sourceIPv6Prefix 19 0
171 postOctetTotalCount 4 2 2
172 postPacketTotalCount 4 2 3
173 flowKeyIndicator 4 5
174 postMCastPacketTotalCount 4 2 3
175 postMCastOctetTotalCount 4 2 2
176 icmpTypeIPv4 1 4
177 icmpCodeIPv4 1 4
178 icmpTypeIPv6 1 4
179 icmpCodeIPv6 1 4
180 udpSourcePort 2 4
181 udpDestinationPort 2 4
182 tcpSourcePort 2 4
183 tcpDestinationPort 2 4
184 tcpSequenceNumber 3
185 tcpAcknowledgementNumber 3
186 tcpWindowSize 2
187 tcpUrgentPointer 2
188 tcpHeaderLength 1  2
189 ipHeaderLength 1  2
190 totalLengthIPv4 2  2
191 payloadLengthIPv6 2  2
192 ipTTL 1  11
193 nextHeaderIPv6 1
194 mplsPayloadLength 3  2
195 ipDiffServCodePoint 1 4  0-63
196 ipPrecedence 1 4  0-7
197 fragmentFlags 1 5
198 octetDeltaSumOfSquares 4
199 octetTotalSumOfSquares 4  2
200 mplsTopLabelTTL 1  11
201 mplsLabelStackLength 3  2
202 mplsLabelStackDepth 3  12
203 mplsTopLabelExp 1 5
204 ipPayloadLength 3  2
205 udpMessageLength 2  2
206 isMulticast 1 5
207 ipv4IHL 1  9
208 ipv4Options 3 5
209 tcpOptions 4 5
210 paddingOctets 0 0
211 collectorIPv4Address 18 0
212 collectorIPv6Address 19 0
213 exportInterface 3 4
214 exportProtocolVersion 1 4
215 exportTransportProtocol 1 4
216 collectorTransportPort 2 4
217 exporterTransportPort 2 4
218 tcpSynTotalCount 4 2 3
219 tcpFinTotalCount 4 2 3
220 tcpRstTotalCount 4 2 3
221 tcpPshTotalCount 4 2 3
222 tcpAckTotalCount 4 2 3
223 tcpUrgTotalCount 4 2 3
224 ipTotalLength 4  2
225 postNATSourceIPv4Address 18 0
226 postNATDestinationIPv4Address 18 0
227 postNAPTSourceTransportPort 2 4
228 postNAPTDestinationTransportPort 2 4
229 natOriginatingAddressRealm 1 4  1-2
230 natEvent 1 4
231 initiatorOctets 4 3 2
232 responderOctets 4 3 2
233 firewallEvent 1
234 ingressVRFID 3
235 egressVRFID 3
236 VRFname 13 0
237 postMplsTopLabelExp 1 5
238 tcpWindowScale 2
239 biflowDirection 1 4
240 ethernetHeaderLength 1 1 2
241 ethernetPayloadLength 2 1 2
242 ethernetTotalLength 2 1 2
243 dot1qVlanId 2 4
244 dot1qPriority 1 4
245 dot1qCustomerVlanId 2 4
246 dot1qCustomerPriority 1 4
247 metroEvcId 13 0
248 metroEvcType 1 4
249 pseudoWireId 3 4
250 pseudoWireType 2 4
251 pseudoWireControlWord 3 4
252 ingressPhysicalInterface 3 4
253 egressPhysicalInterface 3 4
254 postDot1qVlanId 2 4
255 postDot1qCustomerVlanId 2 4
256 ethernetType 2 4
257 postIpPrecedence 1 4  0-7
258 collectionTimeMilliseconds 15 0 6
259 exportSctpStreamId 2 4
260 maxExportSeconds 14 0 5
261 maxFlowEndSeconds 14 0 5
262 messageMD5Checksum 0 0
263 messageScope 1   0-0
264 minExportSeconds 14 0 5
265 minFlowStartSeconds 14 0 5
266 opaqueOctets 0 0
267 sessionScope 1   0-0
268 maxFlowEndMicroseconds 16 0 7
269 maxFlowEndMilliseconds 15 0 6
270 maxFlowEndNanoseconds 17 0 8
271 minFlowStartMicroseconds 16 0 7
272 minFlowStartMilliseconds 15 0 6
273 minFlowStartNanoseconds 17 0 8
274 collectorCertificate 0 0
275 exporterCertificate 0 0
276 dataRecordsReliability 11 0
277 observationPointType 1 4
278 newConnectionDeltaCount 3 3
279 connectionSumDurationSeconds 4  5
280 connectionTransactionId 4 4
281 postNATSourceIPv6Address 19 0
282 postNATDestinationIPv6Address 19 0
283 natPoolId 3 4
284 natPoolName 13 0
285 anonymizationFlags 2 5
286 anonymizationTechnique 2 4
287 informationElementIndex 2 4
288 p2pTechnology 13 0
289 tunnelTechnology 13 0
290 encryptedTechnology 13 0
291 basicList 20 6
292 subTemplateList 21 6
293 subTemplateMultiList 22 6
294 bgpValidityState 1 4
295 IPSecSPI 3 4
296 greKey 3 4
297 natType 1 4
298 initiatorPackets 4 3 3
299 responderPackets 4 3 3
300 observationDomainName 13 0
301 selectionSequenceId 4 4
302 selectorId 4 4
303 informationElementId 2 4
304 selectorAlgorithm 2 4
305 samplingPacketInterval 3 1 3
306 samplingPacketSpace 3 1 3
307 samplingTimeInterval 3 1 7
308 samplingTimeSpace 3 1 7
309 samplingSize 3 1 3
310 samplingPopulation 3 1 3
311 samplingProbability 10 1
312 dataLinkFrameSize 2 1
313 ipHeaderPacketSection 0 0
314 ipPayloadPacketSection 0 0
315 dataLinkFrameSection 0 0
316 mplsLabelStackSection 0 0
317 mplsPayloadPacketSection 0 0
318 selectorIdTotalPktsObserved 4 2 3
319 selectorIdTotalPktsSelected 4 2 3
320 absoluteError 10 1 15
321 relativeError 10 1
322 observationTimeSeconds 14 0 5
323 observationTimeMilliseconds 15 0 6
324 observationTimeMicroseconds 16 0 7
325 observationTimeNanoseconds 17 0 8
326 digestHashValue 4 1
327 hashIPPayloadOffset 4 1
328 hashIPPayloadSize 4 1
329 hashOutputRangeMin 4 1
330 hashOutputRangeMax 4 1
331 hashSelectedRangeMin 4 1
332 hashSelectedRangeMax 4 1
333 hashDigestOutput 11 0
334 hashInitialiserValue 4 1
335 selectorName 13 0
336 upperCILimit 10 1
337 lowerCILimit 10 1
338 confidenceLevel 10 1
339 informationElementDataType 1
340 informationElementDescription 13 0
341 informationElementName 13 0
342 informationElementRangeBegin 4 1
343 informationElementRangeEnd 4 1
344 informationElementSemantics 1
345 informationElementUnits 2
346 privateEnterpriseNumber 3 4
347 virtualStationInterfaceId 0 0
348 virtualStationInterfaceName 13 0
349 virtualStationUUID 0 0
350 virtualStationName 13 0
351 layer2SegmentId 4 4
352 layer2OctetDeltaCount 4 3 2
353 layer2OctetTotalCount 4 2 2
354 ingressUnicastPacketTotalCount 4 2 3
355 ingressMulticastPacketTotalCount 4 2 3
356 ingressBroadcastPacketTotalCount 4 2 3
357 egressUnicastPacketTotalCount 4 2 3
358 egressBroadcastPacketTotalCount 4 2 3
359 monitoringIntervalStartMilliSeconds 15 0 6
360 monitoringIntervalEndMilliSeconds 15 0 6
361 portRangeStart 2 4
362 portRangeEnd 2 4
363 portRangeStepSize 2 4
364 portRangeNumPorts 2 4
365 staMacAddress 12 0
366 staIPv4Address 18 0
367 wtpMacAddress 12 0
368 ingressInterfaceType 3 4
369 egressInterfaceType 3 4
370 rtpSequenceNumber 2
371 userName 13 0
372 applicationCategoryName 13 0
373 applicationSubCategoryName 13 0
374 applicationGroupName 13 0
375 originalFlowsPresent 4 3 4
376 originalFlowsInitiated 4 3 4
377 originalFlowsCompleted 4 3 4
378 distinctCountOfSourceIPAddress 4 2
379 distinctCountOfDestinationIPAddress 4 2
380 distinctCountOfSourceIPv4Address 3 2
381 distinctCountOfDestinationIPv4Address 3 2
382 distinctCountOfSourceIPv6Address 4 2
383 distinctCountOfDestinationIPv6Address 4 2
384 valueDistributionMethod 1
385 rfc3550JitterMilliseconds 3 1 6
386 rfc3550JitterMicroseconds 3 1 7
387 rfc3550JitterNanoseconds 3 1 8
388 dot1qDEI 11 0
389 dot1qCustomerDEI 11 0
390 flowSelectorAlgorithm 2 4
391 flowSelectedOctetDeltaCount 4 3 2
392 flowSelectedPacketDeltaCount 4 3 3
393 flowSelectedFlowDeltaCount 4 3 4
394 selectorIDTotalFlowsObserved 4  4
395 selectorIDTotalFlowsSelected 4  4
396 samplingFlowInterval 4  4
397 samplingFlowSpacing 4  4
398 flowSamplingTimeInterval 4  7
399 flowSamplingTimeSpacing 4  7
400 hashFlowDomain 2 4
401 transportOctetDeltaCount 4 3 2
402 transportPacketDeltaCount 4 3 3
403 originalExporterIPv4Address 18
404 originalExporterIPv6Address 19
405 originalObservationDomainId 3 4
406 intermediateProcessId 3 4
407 ignoredDataRecordTotalCount 4 2
408 dataLinkFrameType 2 5
409 sectionOffset 2 1
410 sectionExportedOctets 2 1
411 dot1qServiceInstanceTag 0 0
412 dot1qServiceInstanceId 3 4  0-16777215
413 dot1qServiceInstancePriority 1 4  0-7
414 dot1qCustomerSourceMacAddress 12 0
415 dot1qCustomerDestinationMacAddress 12 0
417 postLayer2OctetDeltaCount 4 3 2
418 postMCastLayer2OctetDeltaCount 4 3 2
420 postLayer2OctetTotalCount 4 2 2
421 postMCastLayer2OctetTotalCount 4 2 2
422 minimumLayer2TotalLength 4  2
423 maximumLayer2TotalLength 4  2
424 droppedLayer2OctetDeltaCount 4 3 2
425 droppedLayer2OctetTotalCount 4 2 2
426 ignoredLayer2OctetTotalCount 4 2 2
427 notSentLayer2OctetTotalCount 4 2 2
428 layer2OctetDeltaSumOfSquares 4 3 2
429 layer2OctetTotalSumOfSquares 4 2 2
430 layer2FrameDeltaCount 4 3 13
431 layer2FrameTotalCount 4 2 13
432 pseudoWireDestinationIPv4Address 18 0
433 ignoredLayer2FrameTotalCount 4 2 13
434 mibObjectValueInteger 7 1
435 mibObjectValueOctetString 0 0
436 mibObjectValueOID 0 0
437 mibObjectValueBits 0 5
438 mibObjectValueIPAddress 18 0
439 mibObjectValueCounter 4 7
440 mibObjectValueGauge 3 8
441 mibObjectValueTimeTicks 3 1
442 mibObjectValueUnsigned 3 1
443 mibObjectValueTable 21 6
444 mibObjectValueRow 21 6
445 mibObjectIdentifier 0 0
446 mibSubIdentifier 3 4
447 mibIndexIndicator 4 5
448 mibCaptureTimeSemantics 1 4
449 mibContextEngineID 0 0
450 mibContextName 13 0
451 mibObjectName 13 0
452 mibObjectDescription 13 0
453 mibObjectSyntax 13 0
454 mibModuleName 13 0
455 mobileIMSI 13 0
456 mobileMSISDN 13 0
457 httpStatusCode 2 4  0-999
458 sourceTransportPortsLimit 2 1 14 1-65535
459 httpRequestMethod 13
460 httpRequestHost 13
461 httpRequestTarget 13
462 httpMessageVersion 13
463 natInstanceID 3 4
464 internalAddressRealm 0 4
465 externalAddressRealm 0 4
466 natQuotaExceededEvent 3 4
467 natThresholdEvent 3 4
468 httpUserAgent 13 0
469 httpContentType 13 0
470 httpReasonPhrase 13 0
471 maxSessionEntries 3 4
472 maxBIBEntries 3 4
473 maxEntriesPerUser 3 4
474 maxSubscribers 3 4
475 maxFragmentsPendingReassembly 3 4
476 addressPoolHighThreshold 3 4
477 addressPoolLowThreshold 3 4
478 addressPortMappingHighThreshold 3 4
479 addressPortMappingLowThreshold 3 4
480 addressPortMappingPerUserHighThreshold 3 4
481 globalAddressMappingHighThreshold 3 4
482 vpnIdentifier 0 0
483 bgpCommunity 3 4
484 bgpSourceCommunityList 20 6
485 bgpDestinationCommunityList 20 6
486 bgpExtendedCommunity 0 0
487 bgpSourceExtendedCommunityList 20 6
488 bgpDestinationExtendedCommunityList 20 6
489 bgpLargeCommunity 0 0
490 bgpSourceLargeCommunityList 20 6
491 bgpDestinationLargeCommunityList 20 6
492 srhFlagsIPv6 1 5
493 srhTagIPv6 2 4
494 srhSegmentIPv6 19 0
495 srhActiveSegmentIPv6 19 0
496 srhSegmentIPv6BasicList 20 6
497 srhSegmentIPv6ListSection 0 0
498 srhSegmentsIPv6Left 1 1
499 srhIPv6Section 0 0
500 srhIPv6ActiveSegmentType 1 4
501 srhSegmentIPv6LocatorLength 1 0
502 srhSegmentIPv6EndpointBehavior 2 4
503 transportChecksum 2 0
504 icmpHeaderPacketSection 0 0
505 gtpuFlags 1 5
506 gtpuMsgType 1 4
507 gtpuTEid 3 4
508 gtpuSequenceNum 2 4
509 gtpuQFI 1 4
510 gtpuPduType 1 4
511 bgpSourceAsPathList 20 6
512 bgpDestinationAsPathList 20 6
513 ipv6ExtensionHeaderType 1 4
514 ipv6ExtensionHeaderCount 1 2
515 ipv6ExtensionHeadersFull 23 5
516 ipv6ExtensionHeaderTypeCountList 21 6
517 ipv6ExtensionHeadersLimit 11 0
518 ipv6ExtensionHeadersChainLength 3 4
519 ipv6ExtensionHeaderChainLengthList 21 6
520 tcpOptionsFull 23 5
521 tcpSharedOptionExID16 2 4
522 tcpSharedOptionExID32 3 4
523 tcpSharedOptionExID16List 20 6
524 tcpSharedOptionExID32List 20 6
525 udpSafeOptions 23 5
526 udpUnsafeOptions 4 5
527 udpExID 2 4
528 udpSafeExIDList 20 6
529 udpUnsafeExIDList 20 6
530 pathDelayMeanDeltaMicroseconds 3 3
531 pathDelayMinDeltaMicroseconds 3 3
532 pathDelayMaxDeltaMicroseconds 3 3
533 pathDelaySumDeltaMicroseconds 4 3
`;
export const WEIR_ENTERPRISE = 32473;
export const WEIR_ELEMENTS = `
1 conntrackEntryCount 3 1 12
2 deferredEventTotalCount 4 2 10
3 counterResetTotalCount 4 2 4
4 flowTableOverflowTotalCount 4 2 4
5 unobservedEndTotalCount 4 2 4
6 conntrackMark 3 4
7 conntrackZone 2 4
8 conntrackLabels 0
9 conntrackStatus 3 5
10 tcpState 1 4
11 tcpStateHistory 2 5
12 initiatorRoundTripMicroseconds 3 1 7
13 responderRoundTripMicroseconds 3 1 7
14 flowOffload 1 4
15 conntrackHelper 13
16 masterProtocolIdentifier 1 4
17 masterSourceIPv4Address 18
18 masterDestinationIPv4Address 18
19 masterSourceIPv6Address 19
20 masterDestinationIPv6Address 19
21 masterSourceTransportPort 2 4
22 masterDestinationTransportPort 2 4
`;
/** Names of values: a line an element of IANA's, its number, then VALUE NAME pairs. */
export const VALUES = `
46|0 Unknown|1 TE-MIDPT|2 Pseudowire|3 VPN|4 BGP|5 LDP|6 Path Computation Element|7 OSPFv2 Segment Routing|8 OSPFv3 Segment Routing|9 IS-IS Segment Routing|10 BGP Segment Routing Prefix-SID
89|64 Forwarded: Unknown|65 Forwarded: Fragmented|66 Forwarded: Not Fragmented|67 Forwarded: Tunneled|68 Forwarded: ACL Redirect|128 Dropped: Unknown|129 Dropped: ACL deny|130 Dropped: ACL drop|131 Dropped: Unroutable|132 Dropped: Adjacency|133 Dropped: Fragmentation and DF set|134 Dropped: Bad header checksum|135 Dropped: Bad total Length|136 Dropped: Bad header length|137 Dropped: bad TTL|138 Dropped: Policer|139 Dropped: WRED|140 Dropped: RPF|141 Dropped: For us|142 Dropped: Bad output interface|143 Dropped: Hardware|192 Consumed: Unknown|193 Consumed: Punt Adjacency|194 Consumed: Incomplete Adjacency|195 Consumed: For us
101|0 Invalid|1 IANA-L3|2 PANA-L3|3 IANA-L4|4 PANA-L4|6 USER-Defined|12 PANA-L2|13 PANA-L7|18 ETHERTYPE|19 LLC|20 PANA-L7-PEN|23 R&S ipoque DPI PACE2 engine|24 R&S ipoque DPI vPACE engine
136|1 idle timeout|2 active timeout|3 end of Flow detected|4 forced end|5 lack of resources
229|1 Private|2 Private
230|1 NAT translation create|2 NAT translation delete|3 NAT Addresses exhausted|4 NAT44 session create|5 NAT44 session delete|6 NAT64 session create|7 NAT64 session delete|8 NAT44 BIB create|9 NAT44 BIB delete|10 NAT64 BIB create|11 NAT64 BIB delete|12 NAT ports exhausted|13 Quota Exceeded|14 Address binding create|15 Address binding delete|16 Port block allocation|17 Port block de-allocation|18 Threshold Reached
233|0 Ignore (invalid)|1 Flow Created|2 Flow Deleted|3 Flow Denied|4 Flow Alert|5 Flow Update
239|0 arbitrary|1 initiator|2 reverseInitiator|3 perimeter
277|1 Physical port|2 Port channel|3 Vlan
286|0 Undefined|1 None|2 Precision Degradation/Truncation|3 Binning|4 Enumeration|5 Permutation|6 Structured Permutation|7 Reverse Truncation|8 Noise|9 Offset
297|0 unknown|1 NAT44 translated|2 NAT64 translated|3 NAT46 translated|4 IPv4-->IPv4 (no NAT)|5 NAT66 translated|6 IPv6-->IPv6 (no NAT)
384|0 Unspecified|1 Start Interval|2 End Interval|3 Mid Interval|4 Simple Uniform Distribution|5 Proportional Uniform Distribution|6 Simulated Process|7 Direct
390|1 Systematic count-based Sampling|2 Systematic time-based Sampling|3 Random n-out-of-N Sampling|4 Uniform probabilistic Sampling|5 Property Match Filtering|6 Hash-based Filtering using BOB|7 Hash-based Filtering using IPSX|8 Hash-based Filtering using CRC|9 Flow-state Dependent Intermediate Flow Selection Process
408|1 IEEE802.3 ETHERNET|2 IEEE802.11 MAC Frame format
448|0 undefined|1 begin|2 end|3 export|4 average
466|1 Maximum session entries|2 Maximum BIB entries|3 Maximum entries per user|4 Maximum active hosts or subscribers|5 Maximum fragments pending reassembly
467|1 Address pool high threshold event|2 Address pool low threshold event|3 Address and port mapping high threshold event|4 Address and port mapping per user high threshold event|5 Global Address mapping high threshold event
500|0 Unknown|1 Segment Routing Policy|2 Path Computation Element|3 OSPFv3 Segment Routing|4 IS-IS Segment Routing|5 BGP Segment Routing Prefix-SID
`;
/** Semantics of a list (RFC 6313 section 4.4) by number. */
export const LIST_SEMANTICS: Readonly<Record<number, string>> = {"0":"noneOf","1":"exactlyOneOf","2":"oneOrMoreOf","3":"allOf","4":"ordered","255":"undefined"};
/** Keywords of IP protocol numbers. */
export const PROTOCOLS: Readonly<Record<number, string>> = {"0":"HOPOPT","1":"ICMP","2":"IGMP","3":"GGP","4":"IPv4","5":"ST","6":"TCP","7":"CBT","8":"EGP","9":"IGP","10":"BBN-RCC-MON","11":"NVP-II","12":"PUP","13":"ARGUS","14":"EMCON","15":"XNET","16":"CHAOS","17":"UDP","18":"MUX","19":"DCN-MEAS","20":"HMP","21":"PRM","22":"XNS-IDP","23":"TRUNK-1","24":"TRUNK-2","25":"LEAF-1","26":"LEAF-2","27":"RDP","28":"IRTP","29":"ISO-TP4","30":"NETBLT","31":"MFE-NSP","32":"MERIT-INP","33":"DCCP","34":"3PC","35":"IDPR","36":"XTP","37":"DDP","38":"IDPR-CMTP","39":"TP++","40":"IL","41":"IPv6","42":"SDRP","43":"IPv6-Route","44":"IPv6-Frag","45":"IDRP","46":"RSVP","47":"GRE","48":"DSR","49":"BNA","50":"ESP","51":"AH","52":"I-NLSP","53":"SWIPE","54":"NARP","55":"Min-IPv4","56":"TLSP","57":"SKIP","58":"IPv6-ICMP","59":"IPv6-NoNxt","60":"IPv6-Opts","62":"CFTP","64":"SAT-EXPAK","65":"KRYPTOLAN","66":"RVD","67":"IPPC","69":"SAT-MON","70":"VISA","71":"IPCV","72":"CPNX","73":"CPHB","74":"WSN","75":"PVP","76":"BR-SAT-MON","77":"SUN-ND","78":"WB-MON","79":"WB-EXPAK","80":"ISO-IP","81":"VMTP","82":"SECURE-VMTP","83":"VINES","84":"IPTM","85":"NSFNET-IGP","86":"DGP","87":"TCF","88":"EIGRP","89":"OSPFIGP","90":"Sprite-RPC","91":"LARP","92":"MTP","93":"AX.25","94":"IPIP","95":"MICP","96":"SCC-SP","97":"ETHERIP","98":"ENCAP","100":"GMTP","101":"IFMP","102":"PNNI","103":"PIM","104":"ARIS","105":"SCPS","106":"QNX","107":"A/N","108":"IPComp","109":"SNP","110":"Compaq-Peer","111":"IPX-in-IP","112":"VRRP","113":"PGM","115":"L2TP","116":"DDX","117":"IATP","118":"STP","119":"SRP","120":"UTI","121":"SMP","122":"SM","123":"PTP","124":"ISIS over IPv4","125":"FIRE","126":"CRTP","127":"CRUDP","128":"SSCOPMCE","129":"IPLT","130":"SPS","131":"PIPE","132":"SCTP","133":"FC","134":"RSVP-E2E-IGNORE","135":"Mobility Header","136":"UDPLite","137":"MPLS-in-IP","138":"manet","139":"HIP","140":"Shim6","141":"WESP","142":"ROHC","143":"Ethernet","144":"AGGFRAG","145":"NSH","146":"Homa","147":"BIT-EMU"};
