// Made by `npm run generate` from registry/. Do not edit.
/** Abstract data types; the index is the number of RFC 5610. */
export const DATA_TYPES = ["octetArray","unsigned8","unsigned16","unsigned32","unsigned64","signed8","signed16","signed32","signed64","float32","float64","boolean","macAddress","string","dateTimeSeconds","dateTimeMilliseconds","dateTimeMicroseconds","dateTimeNanoseconds","ipv4Address","ipv6Address","basicList","subTemplateList","subTemplateMultiList","unsigned256"] as const;
export const SEMANTICS: readonly string[] = ["deltaCounter","identifier","flags","default","quantity","totalCounter","list","snmpCounter","snmpGauge"];
export const UNITS: readonly string[] = ["octets","packets","flows","bits","milliseconds","seconds","messages","hops","microseconds","nanoseconds","entries","4-octet words","inferred","frames","ports"];
/** One line an element: id, name, index of the type, of the semantics, of the units. */
export const IANA_ELEMENTS = `
1 octetDeltaCount 4 0 0
2 packetDeltaCount 4 0 1
3 deltaFlowCount 4 0 2
4 protocolIdentifier 1 1
5 ipClassOfService 1 1
6 tcpControlBits 2 2
7 sourceTransportPort 2 1
8 sourceIPv4Address 18 3
9 sourceIPv4PrefixLength 1  3
10 ingressInterface 3 1
11 destinationTransportPort 2 1
12 destinationIPv4Address 18 3
13 destinationIPv4PrefixLength 1  3
14 egressInterface 3 1
15 ipNextHopIPv4Address 18 3
16 bgpSourceAsNumber 3 1
17 bgpDestinationAsNumber 3 1
18 bgpNextHopIPv4Address 18 3
19 postMCastPacketDeltaCount 4 0 1
20 postMCastOctetDeltaCount 4 0 0
21 flowEndSysUpTime 3  4
22 flowStartSysUpTime 3  4
23 postOctetDeltaCount 4 0 0
24 postPacketDeltaCount 4 0 1
25 minimumIpTotalLength 4  0
26 maximumIpTotalLength 4  0
27 sourceIPv6Address 19 3
28 destinationIPv6Address 19 3
29 sourceIPv6PrefixLength 1  3
30 destinationIPv6PrefixLength 1  3
31 flowLabelIPv6 3 1
32 icmpTypeCodeIPv4 2 1
33 igmpType 1 1
34 samplingInterval 3 4 1
35 samplingAlgorithm 1 1
36 flowActiveTimeout 2  5
37 flowIdleTimeout 2  5
38 engineType 1 1
39 engineId 1 1
40 exportedOctetTotalCount 4 5 0
41 exportedMessageTotalCount 4 5 6
42 exportedFlowRecordTotalCount 4 5 2
43 ipv4RouterSc 18 3
44 sourceIPv4Prefix 18 3
45 destinationIPv4Prefix 18 3
46 mplsTopLabelType 1 1
47 mplsTopLabelIPv4Address 18 3
48 samplerId 1 1
49 samplerMode 1 1
50 samplerRandomInterval 3 4
51 classId 1 1
52 minimumTTL 1  7
53 maximumTTL 1  7
54 fragmentIdentification 3 1
55 postIpClassOfService 1 1
56 sourceMacAddress 12 3
57 postDestinationMacAddress 12 3
58 vlanId 2 1
59 postVlanId 2 1
60 ipVersion 1 1
61 flowDirection 1 1
62 ipNextHopIPv6Address 19 3
63 bgpNextHopIPv6Address 19 3
64 ipv6ExtensionHeaders 3 2
70 mplsTopLabelStackSection 0 3
71 mplsLabelStackSection2 0 3
72 mplsLabelStackSection3 0 3
73 mplsLabelStackSection4 0 3
74 mplsLabelStackSection5 0 3
75 mplsLabelStackSection6 0 3
76 mplsLabelStackSection7 0 3
77 mplsLabelStackSection8 0 3
78 mplsLabelStackSection9 0 3
79 mplsLabelStackSection10 0 3
80 destinationMacAddress 12 3
81 postSourceMacAddress 12 3
82 interfaceName 13 3
83 interfaceDescription 13 3
84 samplerName 13
85 octetTotalCount 4 5 0
86 packetTotalCount 4 5 1
87 flagsAndSamplerId 3 1
88 fragmentOffset 2 4
89 forwardingStatus 3 1
90 mplsVpnRouteDistinguisher 0 3
91 mplsTopLabelPrefixLength 1 4 3
92 srcTrafficIndex 3 1
93 dstTrafficIndex 3 1
94 applicationDescription 13 3
95 applicationId 0 3
96 applicationName 13 3
98 postIpDiffServCodePoint 1 1
99 multicastReplicationFactor 3 4
100 className 13
101 classificationEngineId 1 1
102 layer2packetSectionOffset 2 4
103 layer2packetSectionSize 2 4
104 layer2packetSectionData 0
128 bgpNextAdjacentAsNumber 3 1
129 bgpPrevAdjacentAsNumber 3 1
130 exporterIPv4Address 18 3
131 exporterIPv6Address 19 3
132 droppedOctetDeltaCount 4 0 0
133 droppedPacketDeltaCount 4 0 1
134 droppedOctetTotalCount 4 5 0
135 droppedPacketTotalCount 4 5 1
136 flowEndReason 1 1
137 commonPropertiesId 4 1
138 observationPointId 4 1
139 icmpTypeCodeIPv6 2 1
140 mplsTopLabelIPv6Address 19 3
141 lineCardId 3 1
142 portId 3 1
143 meteringProcessId 3 1
144 exportingProcessId 3 1
145 templateId 2 1
146 wlanChannelId 1 1
147 wlanSSID 13 3
148 flowId 4 1
149 observationDomainId 3 1
150 flowStartSeconds 14 3 5
151 flowEndSeconds 14 3 5
152 flowStartMilliseconds 15 3 4
153 flowEndMilliseconds 15 3 4
154 flowStartMicroseconds 16 3 8
155 flowEndMicroseconds 16 3 8
156 flowStartNanoseconds 17 3 9
157 flowEndNanoseconds 17 3 9
158 flowStartDeltaMicroseconds 3  8
159 flowEndDeltaMicroseconds 3  8
160 systemInitTimeMilliseconds 15 3 4
161 flowDurationMilliseconds 3  4
162 flowDurationMicroseconds 3  8
163 observedFlowTotalCount 4 5 2
164 ignoredPacketTotalCount 4 5 1
165 ignoredOctetTotalCount 4 5 0
166 notSentFlowTotalCount 4 5 2
167 notSentPacketTotalCount 4 5 1
168 notSentOctetTotalCount 4 5 0
169 destinationIPv6Prefix 19 3
170 sourceIPv6Prefix 19 3
171 postOctetTotalCount 4 5 0
172 postPacketTotalCount 4 5 1
173 flowKeyIndicator 4 2
174 postMCastPacketTotalCount 4 5 1
175 postMCastOctetTotalCount 4 5 0
176 icmpTypeIPv4 1 1
177 icmpCodeIPv4 1 1
178 icmpTypeIPv6 1 1
179 icmpCodeIPv6 1 1
180 udpSourcePort 2 1
181 udpDestinationPort 2 1
182 tcpSourcePort 2 1
183 tcpDestinationPort 2 1
184 tcpSequenceNumber 3
185 tcpAcknowledgementNumber 3
186 tcpWindowSize 2
187 tcpUrgentPointer 2
188 tcpHeaderLength 1  0
189 ipHeaderLength 1  0
190 totalLengthIPv4 2  0
191 payloadLengthIPv6 2  0
192 ipTTL 1  7
193 nextHeaderIPv6 1
194 mplsPayloadLength 3  0
195 ipDiffServCodePoint 1 1
196 ipPrecedence 1 1
197 fragmentFlags 1 2
198 octetDeltaSumOfSquares 4
199 octetTotalSumOfSquares 4  0
200 mplsTopLabelTTL 1  7
201 mplsLabelStackLength 3  0
202 mplsLabelStackDepth 3  10
203 mplsTopLabelExp 1 2
204 ipPayloadLength 3  0
205 udpMessageLength 2  0
206 isMulticast 1 2
207 ipv4IHL 1  11
208 ipv4Options 3 2
209 tcpOptions 4 2
210 paddingOctets 0 3
211 collectorIPv4Address 18 3
212 collectorIPv6Address 19 3
213 exportInterface 3 1
214 exportProtocolVersion 1 1
215 exportTransportProtocol 1 1
216 collectorTransportPort 2 1
217 exporterTransportPort 2 1
218 tcpSynTotalCount 4 5 1
219 tcpFinTotalCount 4 5 1
220 tcpRstTotalCount 4 5 1
221 tcpPshTotalCount 4 5 1
222 tcpAckTotalCount 4 5 1
223 tcpUrgTotalCount 4 5 1
224 ipTotalLength 4  0
225 postNATSourceIPv4Address 18 3
226 postNATDestinationIPv4Address 18 3
227 postNAPTSourceTransportPort 2 1
228 postNAPTDestinationTransportPort 2 1
229 natOriginatingAddressRealm 1 1
230 natEvent 1 1
231 initiatorOctets 4 0 0
232 responderOctets 4 0 0
233 firewallEvent 1
234 ingressVRFID 3
235 egressVRFID 3
236 VRFname 13 3
237 postMplsTopLabelExp 1 2
238 tcpWindowScale 2
239 biflowDirection 1 1
240 ethernetHeaderLength 1 4 0
241 ethernetPayloadLength 2 4 0
242 ethernetTotalLength 2 4 0
243 dot1qVlanId 2 1
244 dot1qPriority 1 1
245 dot1qCustomerVlanId 2 1
246 dot1qCustomerPriority 1 1
247 metroEvcId 13 3
248 metroEvcType 1 1
249 pseudoWireId 3 1
250 pseudoWireType 2 1
251 pseudoWireControlWord 3 1
252 ingressPhysicalInterface 3 1
253 egressPhysicalInterface 3 1
254 postDot1qVlanId 2 1
255 postDot1qCustomerVlanId 2 1
256 ethernetType 2 1
257 postIpPrecedence 1 1
258 collectionTimeMilliseconds 15 3 4
259 exportSctpStreamId 2 1
260 maxExportSeconds 14 3 5
261 maxFlowEndSeconds 14 3 5
262 messageMD5Checksum 0 3
263 messageScope 1
264 minExportSeconds 14 3 5
265 minFlowStartSeconds 14 3 5
266 opaqueOctets 0 3
267 sessionScope 1
268 maxFlowEndMicroseconds 16 3 8
269 maxFlowEndMilliseconds 15 3 4
270 maxFlowEndNanoseconds 17 3 9
271 minFlowStartMicroseconds 16 3 8
272 minFlowStartMilliseconds 15 3 4
273 minFlowStartNanoseconds 17 3 9
274 collectorCertificate 0 3
275 exporterCertificate 0 3
276 dataRecordsReliability 11 3
277 observationPointType 1 1
278 newConnectionDeltaCount 3 0
279 connectionSumDurationSeconds 4  5
280 connectionTransactionId 4 1
281 postNATSourceIPv6Address 19 3
282 postNATDestinationIPv6Address 19 3
283 natPoolId 3 1
284 natPoolName 13 3
285 anonymizationFlags 2 2
286 anonymizationTechnique 2 1
287 informationElementIndex 2 1
288 p2pTechnology 13 3
289 tunnelTechnology 13 3
290 encryptedTechnology 13 3
291 basicList 20 6
292 subTemplateList 21 6
293 subTemplateMultiList 22 6
294 bgpValidityState 1 1
295 IPSecSPI 3 1
296 greKey 3 1
297 natType 1 1
298 initiatorPackets 4 0 1
299 responderPackets 4 0 1
300 observationDomainName 13 3
301 selectionSequenceId 4 1
302 selectorId 4 1
303 informationElementId 2 1
304 selectorAlgorithm 2 1
305 samplingPacketInterval 3 4 1
306 samplingPacketSpace 3 4 1
307 samplingTimeInterval 3 4 8
308 samplingTimeSpace 3 4 8
309 samplingSize 3 4 1
310 samplingPopulation 3 4 1
311 samplingProbability 10 4
312 dataLinkFrameSize 2 4
313 ipHeaderPacketSection 0 3
314 ipPayloadPacketSection 0 3
315 dataLinkFrameSection 0 3
316 mplsLabelStackSection 0 3
317 mplsPayloadPacketSection 0 3
318 selectorIdTotalPktsObserved 4 5 1
319 selectorIdTotalPktsSelected 4 5 1
320 absoluteError 10 4 12
321 relativeError 10 4
322 observationTimeSeconds 14 3 5
323 observationTimeMilliseconds 15 3 4
324 observationTimeMicroseconds 16 3 8
325 observationTimeNanoseconds 17 3 9
326 digestHashValue 4 4
327 hashIPPayloadOffset 4 4
328 hashIPPayloadSize 4 4
329 hashOutputRangeMin 4 4
330 hashOutputRangeMax 4 4
331 hashSelectedRangeMin 4 4
332 hashSelectedRangeMax 4 4
333 hashDigestOutput 11 3
334 hashInitialiserValue 4 4
335 selectorName 13 3
336 upperCILimit 10 4
337 lowerCILimit 10 4
338 confidenceLevel 10 4
339 informationElementDataType 1
340 informationElementDescription 13 3
341 informationElementName 13 3
342 informationElementRangeBegin 4 4
343 informationElementRangeEnd 4 4
344 informationElementSemantics 1
345 informationElementUnits 2
346 privateEnterpriseNumber 3 1
347 virtualStationInterfaceId 0 3
348 virtualStationInterfaceName 13 3
349 virtualStationUUID 0 3
350 virtualStationName 13 3
351 layer2SegmentId 4 1
352 layer2OctetDeltaCount 4 0 0
353 layer2OctetTotalCount 4 5 0
354 ingressUnicastPacketTotalCount 4 5 1
355 ingressMulticastPacketTotalCount 4 5 1
356 ingressBroadcastPacketTotalCount 4 5 1
357 egressUnicastPacketTotalCount 4 5 1
358 egressBroadcastPacketTotalCount 4 5 1
359 monitoringIntervalStartMilliSeconds 15 3 4
360 monitoringIntervalEndMilliSeconds 15 3 4
361 portRangeStart 2 1
362 portRangeEnd 2 1
363 portRangeStepSize 2 1
364 portRangeNumPorts 2 1
365 staMacAddress 12 3
366 staIPv4Address 18 3
367 wtpMacAddress 12 3
368 ingressInterfaceType 3 1
369 egressInterfaceType 3 1
370 rtpSequenceNumber 2
371 userName 13 3
372 applicationCategoryName 13 3
373 applicationSubCategoryName 13 3
374 applicationGroupName 13 3
375 originalFlowsPresent 4 0 2
376 originalFlowsInitiated 4 0 2
377 originalFlowsCompleted 4 0 2
378 distinctCountOfSourceIPAddress 4 5
379 distinctCountOfDestinationIPAddress 4 5
380 distinctCountOfSourceIPv4Address 3 5
381 distinctCountOfDestinationIPv4Address 3 5
382 distinctCountOfSourceIPv6Address 4 5
383 distinctCountOfDestinationIPv6Address 4 5
384 valueDistributionMethod 1
385 rfc3550JitterMilliseconds 3 4 4
386 rfc3550JitterMicroseconds 3 4 8
387 rfc3550JitterNanoseconds 3 4 9
388 dot1qDEI 11 3
389 dot1qCustomerDEI 11 3
390 flowSelectorAlgorithm 2 1
391 flowSelectedOctetDeltaCount 4 0 0
392 flowSelectedPacketDeltaCount 4 0 1
393 flowSelectedFlowDeltaCount 4 0 2
394 selectorIDTotalFlowsObserved 4  2
395 selectorIDTotalFlowsSelected 4  2
396 samplingFlowInterval 4  2
397 samplingFlowSpacing 4  2
398 flowSamplingTimeInterval 4  8
399 flowSamplingTimeSpacing 4  8
400 hashFlowDomain 2 1
401 transportOctetDeltaCount 4 0 0
402 transportPacketDeltaCount 4 0 1
403 originalExporterIPv4Address 18
404 originalExporterIPv6Address 19
405 originalObservationDomainId 3 1
406 intermediateProcessId 3 1
407 ignoredDataRecordTotalCount 4 5
408 dataLinkFrameType 2 2
409 sectionOffset 2 4
410 sectionExportedOctets 2 4
411 dot1qServiceInstanceTag 0 3
412 dot1qServiceInstanceId 3 1
413 dot1qServiceInstancePriority 1 1
414 dot1qCustomerSourceMacAddress 12 3
415 dot1qCustomerDestinationMacAddress 12 3
417 postLayer2OctetDeltaCount 4 0 0
418 postMCastLayer2OctetDeltaCount 4 0 0
420 postLayer2OctetTotalCount 4 5 0
421 postMCastLayer2OctetTotalCount 4 5 0
422 minimumLayer2TotalLength 4  0
423 maximumLayer2TotalLength 4  0
424 droppedLayer2OctetDeltaCount 4 0 0
425 droppedLayer2OctetTotalCount 4 5 0
426 ignoredLayer2OctetTotalCount 4 5 0
427 notSentLayer2OctetTotalCount 4 5 0
428 layer2OctetDeltaSumOfSquares 4 0 0
429 layer2OctetTotalSumOfSquares 4 5 0
430 layer2FrameDeltaCount 4 0 13
431 layer2FrameTotalCount 4 5 13
432 pseudoWireDestinationIPv4Address 18 3
433 ignoredLayer2FrameTotalCount 4 5 13
434 mibObjectValueInteger 7 4
435 mibObjectValueOctetString 0 3
436 mibObjectValueOID 0 3
437 mibObjectValueBits 0 2
438 mibObjectValueIPAddress 18 3
439 mibObjectValueCounter 4 7
440 mibObjectValueGauge 3 8
441 mibObjectValueTimeTicks 3 4
442 mibObjectValueUnsigned 3 4
443 mibObjectValueTable 21 6
444 mibObjectValueRow 21 6
445 mibObjectIdentifier 0 3
446 mibSubIdentifier 3 1
447 mibIndexIndicator 4 2
448 mibCaptureTimeSemantics 1 1
449 mibContextEngineID 0 3
450 mibContextName 13 3
451 mibObjectName 13 3
452 mibObjectDescription 13 3
453 mibObjectSyntax 13 3
454 mibModuleName 13 3
455 mobileIMSI 13 3
456 mobileMSISDN 13 3
457 httpStatusCode 2 1
458 sourceTransportPortsLimit 2 4 14
459 httpRequestMethod 13
460 httpRequestHost 13
461 httpRequestTarget 13
462 httpMessageVersion 13
463 natInstanceID 3 1
464 internalAddressRealm 0 1
465 externalAddressRealm 0 1
466 natQuotaExceededEvent 3 1
467 natThresholdEvent 3 1
468 httpUserAgent 13 3
469 httpContentType 13 3
470 httpReasonPhrase 13 3
471 maxSessionEntries 3 1
472 maxBIBEntries 3 1
473 maxEntriesPerUser 3 1
474 maxSubscribers 3 1
475 maxFragmentsPendingReassembly 3 1
476 addressPoolHighThreshold 3 1
477 addressPoolLowThreshold 3 1
478 addressPortMappingHighThreshold 3 1
479 addressPortMappingLowThreshold 3 1
480 addressPortMappingPerUserHighThreshold 3 1
481 globalAddressMappingHighThreshold 3 1
482 vpnIdentifier 0 3
483 bgpCommunity 3 1
484 bgpSourceCommunityList 20 6
485 bgpDestinationCommunityList 20 6
486 bgpExtendedCommunity 0 3
487 bgpSourceExtendedCommunityList 20 6
488 bgpDestinationExtendedCommunityList 20 6
489 bgpLargeCommunity 0 3
490 bgpSourceLargeCommunityList 20 6
491 bgpDestinationLargeCommunityList 20 6
492 srhFlagsIPv6 1 2
493 srhTagIPv6 2 1
494 srhSegmentIPv6 19 3
495 srhActiveSegmentIPv6 19 3
496 srhSegmentIPv6BasicList 20 6
497 srhSegmentIPv6ListSection 0 3
498 srhSegmentsIPv6Left 1 4
499 srhIPv6Section 0 3
500 srhIPv6ActiveSegmentType 1 1
501 srhSegmentIPv6LocatorLength 1 3
502 srhSegmentIPv6EndpointBehavior 2 1
503 transportChecksum 2 3
504 icmpHeaderPacketSection 0 3
505 gtpuFlags 1 2
506 gtpuMsgType 1 1
507 gtpuTEid 3 1
508 gtpuSequenceNum 2 1
509 gtpuQFI 1 1
510 gtpuPduType 1 1
511 bgpSourceAsPathList 20 6
512 bgpDestinationAsPathList 20 6
513 ipv6ExtensionHeaderType 1 1
514 ipv6ExtensionHeaderCount 1 5
515 ipv6ExtensionHeadersFull 23 2
516 ipv6ExtensionHeaderTypeCountList 21 6
517 ipv6ExtensionHeadersLimit 11 3
518 ipv6ExtensionHeadersChainLength 3 1
519 ipv6ExtensionHeaderChainLengthList 21 6
520 tcpOptionsFull 23 2
521 tcpSharedOptionExID16 2 1
522 tcpSharedOptionExID32 3 1
523 tcpSharedOptionExID16List 20 6
524 tcpSharedOptionExID32List 20 6
525 udpSafeOptions 23 2
526 udpUnsafeOptions 4 2
527 udpExID 2 1
528 udpSafeExIDList 20 6
529 udpUnsafeExIDList 20 6
530 pathDelayMeanDeltaMicroseconds 3 0
531 pathDelayMinDeltaMicroseconds 3 0
532 pathDelayMaxDeltaMicroseconds 3 0
533 pathDelaySumDeltaMicroseconds 4 0
`;
export const WEIR_ENTERPRISE = 32473;
export const WEIR_ELEMENTS = `
1 conntrackEntryCount 3 4 10
2 deferredEventTotalCount 4 5 6
3 counterResetTotalCount 4 5 2
4 flowTableOverflowTotalCount 4 5 2
5 unobservedEndTotalCount 4 5 2
`;
/** Values of flowEndReason. */
export const FLOW_END_REASONS: Readonly<Record<number, string>> = {"1":"idle timeout","2":"active timeout","3":"end of Flow detected","4":"forced end","5":"lack of resources"};
/** Keywords of IP protocol numbers. */
export const PROTOCOLS: Readonly<Record<number, string>> = {"0":"HOPOPT","1":"ICMP","2":"IGMP","3":"GGP","4":"IPv4","5":"ST","6":"TCP","7":"CBT","8":"EGP","9":"IGP","10":"BBN-RCC-MON","11":"NVP-II","12":"PUP","13":"ARGUS","14":"EMCON","15":"XNET","16":"CHAOS","17":"UDP","18":"MUX","19":"DCN-MEAS","20":"HMP","21":"PRM","22":"XNS-IDP","23":"TRUNK-1","24":"TRUNK-2","25":"LEAF-1","26":"LEAF-2","27":"RDP","28":"IRTP","29":"ISO-TP4","30":"NETBLT","31":"MFE-NSP","32":"MERIT-INP","33":"DCCP","34":"3PC","35":"IDPR","36":"XTP","37":"DDP","38":"IDPR-CMTP","39":"TP++","40":"IL","41":"IPv6","42":"SDRP","43":"IPv6-Route","44":"IPv6-Frag","45":"IDRP","46":"RSVP","47":"GRE","48":"DSR","49":"BNA","50":"ESP","51":"AH","52":"I-NLSP","53":"SWIPE","54":"NARP","55":"Min-IPv4","56":"TLSP","57":"SKIP","58":"IPv6-ICMP","59":"IPv6-NoNxt","60":"IPv6-Opts","62":"CFTP","64":"SAT-EXPAK","65":"KRYPTOLAN","66":"RVD","67":"IPPC","69":"SAT-MON","70":"VISA","71":"IPCV","72":"CPNX","73":"CPHB","74":"WSN","75":"PVP","76":"BR-SAT-MON","77":"SUN-ND","78":"WB-MON","79":"WB-EXPAK","80":"ISO-IP","81":"VMTP","82":"SECURE-VMTP","83":"VINES","84":"IPTM","85":"NSFNET-IGP","86":"DGP","87":"TCF","88":"EIGRP","89":"OSPFIGP","90":"Sprite-RPC","91":"LARP","92":"MTP","93":"AX.25","94":"IPIP","95":"MICP","96":"SCC-SP","97":"ETHERIP","98":"ENCAP","100":"GMTP","101":"IFMP","102":"PNNI","103":"PIM","104":"ARIS","105":"SCPS","106":"QNX","107":"A/N","108":"IPComp","109":"SNP","110":"Compaq-Peer","111":"IPX-in-IP","112":"VRRP","113":"PGM","115":"L2TP","116":"DDX","117":"IATP","118":"STP","119":"SRP","120":"UTI","121":"SMP","122":"SM","123":"PTP","124":"ISIS over IPv4","125":"FIRE","126":"CRTP","127":"CRUDP","128":"SSCOPMCE","129":"IPLT","130":"SPS","131":"PIPE","132":"SCTP","133":"FC","134":"RSVP-E2E-IGNORE","135":"Mobility Header","136":"UDPLite","137":"MPLS-in-IP","138":"manet","139":"HIP","140":"Shim6","141":"WESP","142":"ROHC","143":"Ethernet","144":"AGGFRAG","145":"NSH","146":"Homa","147":"BIT-EMU"};
